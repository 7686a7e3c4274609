package dev.remanence.image;

import dev.remanence.journal.SqliteJournal;
import dev.remanence.journal.VectorTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The images of a store: loaded on first use, brought up to date before each read, dropped by
/// least recent use when they take more than their budget.
///
/// Thread-safe. Two locks, never held together with a callback: this object's guards the map for a
/// lookup; an image's own is held while it catches up, so that readers of one scope wait for each
/// other then, and for nobody else. Writers take neither.
public final class Images {
  private final SqliteJournal journal;
  private final Indexing indexing;
  private final long bytesMax;
  private final LinkedHashMap<Long, ScopeImage> images = new LinkedHashMap<>(16, 0.75f, true);

  public Images(SqliteJournal journal, Indexing indexing, long bytesMax) {
    this.journal = journal;
    this.indexing = indexing;
    this.bytesMax = bytesMax;
  }

  /// A scope as it is now: everything acknowledged before this call is in it.
  public View view(long scope) {
    long position = journal.lastPosition();
    while (true) {
      ScopeImage image;
      synchronized (images) {
        image = images.computeIfAbsent(scope, number -> new ScopeImage(number, indexing));
      }
      if (image.upTo() >= position) {
        return image.view();
      }
      synchronized (image) {
        if (!image.isBroken()) {
          if (image.upTo() < position) {
            catchUp(image, scope, position);
          }
          evict(scope);
          return image.view();
        }
      }
    }
  }

  /// An image that failed on the way is not one: the next question begins anew.
  private void catchUp(ScopeImage image, long scope, long position) {
    image.breaks();
    try {
      journal.readConsistently(reader -> {
        image.catchUp(reader, position);
        return image;
      });
    } finally {
      if (image.isBroken()) {
        drop(scope);
      }
    }
  }

  /// Takes vectors up that were computed after their revisions. An image that is not loaded reads
  /// them when it is.
  public void takeVectors(long scope, List<VectorTable.Stored> late) {
    ScopeImage image;
    synchronized (images) {
      image = images.get(scope);
    }
    if (image != null) {
      synchronized (image) {
        if (!image.isBroken()) {
          image.takeVectors(late);
        }
      }
    }
  }

  /// Drops a scope's image: its revisions were erased or arrived out of order.
  public void drop(long scope) {
    synchronized (images) {
      images.remove(scope);
    }
  }

  public void dropAll() {
    synchronized (images) {
      images.clear();
    }
  }

  private void evict(long keep) {
    synchronized (images) {
      long bytes = 0;
      for (var image : images.values()) {
        bytes += image.bytes();
      }
      var eldest = images.entrySet().iterator();
      while (bytes > bytesMax && eldest.hasNext()) {
        Map.Entry<Long, ScopeImage> each = eldest.next();
        if (each.getKey() != keep) {
          bytes -= each.getValue().bytes();
          eldest.remove();
        }
      }
    }
  }
}
