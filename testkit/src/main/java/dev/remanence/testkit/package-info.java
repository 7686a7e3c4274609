/// What the tests of Remanence are built from: the disk that fails, and the stores to compare with.
@NullMarked
package dev.remanence.testkit;

import org.jspecify.annotations.NullMarked;
