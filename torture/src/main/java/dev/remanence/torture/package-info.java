/// Programs that the torture tests kill or cut the power of, and their checkers.
@NullMarked
package dev.remanence.torture;

import org.jspecify.annotations.NullMarked;
