package dev.remanence.daemon;

import dev.remanence.OpenOptions;
import dev.remanence.Remanence;
import dev.remanence.Sharing;
import dev.remanence.daemon.client.RemoteStore;
import dev.remanence.daemon.server.Owner;
import java.nio.file.Path;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// Sharing for programs that open a store with `Remanence.open`: the first one serves it while it
/// has it open, the others speak to that one, or to the daemon.
public final class SharedStores implements Sharing {
  @Override
  public @Nullable Remanence attach(Path directory, OpenOptions options) {
    return RemoteStore.attach(directory, options);
  }

  @Override
  public void erased(Path directory, Collection<String> scopes) {
    Owner.erased(directory, scopes);
  }

  @Override
  public Serving serve(Remanence store) {
    return Owner.ofProgram(store);
  }
}
