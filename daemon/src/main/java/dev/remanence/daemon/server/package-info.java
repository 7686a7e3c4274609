/// The owner's side of sharing a store: [Owner] serves it over [SocketServer], one [Connection] a
/// caller, and keeps what is seen of it from outside ([Activity], [LiveLog]).
@NullMarked
package dev.remanence.daemon.server;

import org.jspecify.annotations.NullMarked;
