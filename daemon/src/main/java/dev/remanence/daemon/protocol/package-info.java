/// The protocol over a store: one table of methods for every surface. Start at [Protocol].
@NullMarked
package dev.remanence.daemon.protocol;

import org.jspecify.annotations.NullMarked;
