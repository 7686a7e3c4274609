package dev.remanence.daemon.protocol;

import dev.remanence.Json;
import dev.remanence.Remanence.Progress;

/// Whatever answers calls by the name of their method: a [Protocol], or a connection before one.
@FunctionalInterface
public interface Calls {
  /// Throws what the call failed with.
  Json dispatch(String method, Json.Obj params, Progress progress);
}
