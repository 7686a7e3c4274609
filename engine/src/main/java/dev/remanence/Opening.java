package dev.remanence;

import dev.remanence.RemanenceException.StoreLocked;
import java.nio.file.Path;
import java.time.Duration;

/// Opens a store, whoever owns it: attaches to the owner, or becomes it. See docs/sharing.md.
final class Opening {
  private static final long PAUSE_MILLIS = 20;

  private Opening() {}

  static Remanence open(Path directory, OpenOptions options) {
    var sharing = options.shared() ? Sharing.installed() : null;
    return sharing == null
        ? EmbeddedStore.open(directory, options)
        : open(directory.toAbsolutePath().normalize(), options, sharing);
  }

  private static Remanence open(Path directory, OpenOptions options, Sharing sharing) {
    long deadline = System.nanoTime() + options.lockWait().toNanos();
    while (true) {
      var attached = sharing.attach(directory, options);
      if (attached != null) {
        return attached;
      }
      try {
        var store = EmbeddedStore.open(directory, options.lockWait(Duration.ZERO));
        store.serve(sharing);
        return store;
      } catch (StoreLocked e) {
        // By somebody who serves nobody, or not yet.
        if (System.nanoTime() >= deadline || !pause()) {
          throw e;
        }
      }
    }
  }

  private static boolean pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
      return true;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
