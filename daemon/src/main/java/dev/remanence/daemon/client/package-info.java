/// The store of another process: the interface of the engine, spoken as calls to the owner.
/// [RemoteStore] turns a method into a call (`Encoded`), a `Link` carries it, and the answer is
/// turned back (`Decoded`, `Failures`).
@NullMarked
package dev.remanence.daemon.client;

import org.jspecify.annotations.NullMarked;
