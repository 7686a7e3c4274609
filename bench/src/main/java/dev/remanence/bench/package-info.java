/// What Remanence costs, measured beside plain SQLite. Start at `bench/run`.
@NullMarked
package dev.remanence.bench;

import org.jspecify.annotations.NullMarked;
