/// Tokenizers that count as families of models do.
@NullMarked
package dev.remanence.mind.tokens;

import org.jspecify.annotations.NullMarked;
