/// Who may call an owner from elsewhere than its socket: tokens, kept as hashes in a private file
/// of the store.
@NullMarked
package dev.remanence.daemon.access;

import org.jspecify.annotations.NullMarked;
