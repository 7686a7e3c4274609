/// The `remanence` command. Start at `Main`.
@NullMarked
package dev.remanence.cli;

import org.jspecify.annotations.NullMarked;
