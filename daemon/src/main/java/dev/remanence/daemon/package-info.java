/// The process that owns a store for everyone else. Start at [Daemon]; what callers say is in
/// `protocol`, how they are served in `server`, how they find and reach the owner in `client`.
@NullMarked
package dev.remanence.daemon;

import org.jspecify.annotations.NullMarked;
