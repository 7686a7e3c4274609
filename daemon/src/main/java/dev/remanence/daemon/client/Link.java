package dev.remanence.daemon.client;

import dev.remanence.Caller;
import dev.remanence.Json;
import dev.remanence.Remanence;
import dev.remanence.Watch;
import dev.remanence.WatchEvent;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Carries a call to the process that owns the store and brings its answer. Thread-safe.
///
/// One link is one session: what is changed over it is recorded under its caller.
public interface Link extends AutoCloseable {
  /// Answers what the owner answered. Throws the `RemanenceException` that the owner answered with,
  /// or `Unavailable` where there is no answer.
  ///
  /// @param method a method of docs/protocol.md
  /// @param progress is told how far the owner is, before the answer comes
  Json call(String method, Json.Obj params, Remanence.Progress progress);

  /// Begins a watch, as [Remanence#watch] does. It ends with the link at the latest.
  Watch watch(
      @Nullable String scope,
      boolean recursive,
      @Nullable Long since,
      Consumer<WatchEvent> consumer);

  /// Another session over the same way to the owner.
  Link session(Caller caller);

  /// Ends the session; a call that waits for its answer ends with `StoreClosed`. Closing again does
  /// nothing.
  @Override
  void close();
}
