package dev.remanence;

import java.nio.file.Path;
import java.util.Collection;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/// Lets several processes use one store: found on the class path, where `remanence-daemon` is. It
/// attaches to the process that owns a store, and serves a store that this process owns.
public interface Sharing {
  /// The store as the process that owns it serves it; null where nobody does.
  @Nullable Remanence attach(Path directory, OpenOptions options);

  /// Begins to serve a store that this process owns.
  Serving serve(Remanence store);

  /// The names of these scopes must be in no file of a store, which this process owns and serves to
  /// nobody, when this returns.
  void erased(Path directory, Collection<String> scopes);

  /// The serving of one store. Closing it waits for the calls in hand, and leaves the store open.
  interface Serving extends AutoCloseable {
    /// The names of these scopes must be in no file when this returns.
    void erased(Collection<String> scopes);

    @Override
    void close();
  }

  /// What is on the class path, or null.
  static @Nullable Sharing installed() {
    return ServiceLoader.load(Sharing.class, Sharing.class.getClassLoader())
        .findFirst()
        .orElse(null);
  }
}
