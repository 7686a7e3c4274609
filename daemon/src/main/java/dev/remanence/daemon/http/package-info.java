/// The owner of a store over HTTP: [HttpSurface] listens, [Doorkeeper] says who may call, [Rest]
/// makes a call of a request by the table in [Routes], and `POST /rpc` takes JSON-RPC as the socket
/// does. docs/http.md is the reference.
@NullMarked
package dev.remanence.daemon.http;

import org.jspecify.annotations.NullMarked;
