package dev.remanence.daemon;

import dev.remanence.OpenOptions;
import dev.remanence.Remanence;
import dev.remanence.RemanenceException.Forbidden;
import dev.remanence.Sharing;
import dev.remanence.daemon.server.Owner;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Sharing for programs that open a store with `Remanence.open`: the first one serves it while it
/// has it open, the others speak to that one, or to the daemon.
public final class SharedStores implements Sharing {
  @Override
  public @Nullable Remanence attach(Path directory, OpenOptions options) {
    return null;
  }

  @Override
  public Serving serve(Remanence store) {
    return Owner.serve(
        store,
        Owner.Settings.ofEnvironment(),
        () -> {
          throw new Forbidden(
              "the store belongs to a program, which is not ended by a caller: process "
                  + store.status().pid(),
              "pid",
              store.status().pid());
        });
  }
}
