package dev.remanence.image;

import dev.remanence.RemanenceException;
import dev.remanence.journal.Disk;
import dev.remanence.journal.SqliteJournal;
import dev.remanence.journal.VectorTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// The images of a store: loaded on first use, brought up to date before each read, dropped by
/// least recent use when they take more than their budget, and kept as snapshots when making them
/// anew would take long.
///
/// Thread-safe. Two locks: this object's guards the map for a lookup; an image's own is held while
/// it catches up, so that readers of one scope wait for each other then, and for nobody else; the
/// map's is taken inside it, never the other way. Writers take neither.
public final class Images {
  private static final System.Logger LOG = System.getLogger("dev.remanence");

  /// Fewer rows and vectors are read from the journal in an instant.
  private static final int WORTH_A_SNAPSHOT = 1000;

  /// Positions of the journal after which an image in use is brought up to date without a reader.
  private static final int FAR_BEHIND = 512;

  private static final long NOBODY = -1;

  /// So much more is worth a new one when there is time for it.
  private static final int GROWN_A_LOT = 4096;

  private final SqliteJournal journal;
  private final Indexing indexing;
  private final Snapshots snapshots;
  private final long bytesMax;
  private final LinkedHashMap<Long, ScopeImage> images = new LinkedHashMap<>(16, 0.75f, true);

  /// What the images in the map take, as they counted themselves last. Guarded by the map.
  private long bytes;

  /// An image that was dropped and waits to be written; at most one, as it still takes its room.
  /// Guarded by the map.
  private @Nullable ScopeImage leaving;

  /// The scope whose image is brought up to date in the background. Guarded by the map.
  private long following = NOBODY;

  private volatile @Nullable Executor background;

  public Images(SqliteJournal journal, Indexing indexing, long bytesMax) {
    this.journal = journal;
    this.indexing = indexing;
    this.bytesMax = bytesMax;
    snapshots =
        new Snapshots(
            journal.directory().resolve(SqliteJournal.IMAGES), journal.storeId(), indexing);
  }

  /// From now on images that are dropped for want of room are written by this executor, if they are
  /// worth it, and images that fall behind are brought up to date.
  public void workBy(Executor executor) {
    background = executor;
  }

  /// A scope as it is now: everything acknowledged before this call is in it.
  public View view(long scope) {
    long position = journal.lastPosition();
    while (true) {
      ScopeImage image;
      synchronized (images) {
        image =
            images.computeIfAbsent(scope, number -> new ScopeImage(number, indexing, snapshots));
      }
      if (image.upTo() >= position) {
        return image.view();
      }
      synchronized (image) {
        if (!image.isBroken()) {
          if (image.upTo() < position) {
            catchUp(image, scope, position);
          }
          account(image);
          return image.view();
        }
      }
    }
  }

  /// A scope as its image has it, which may be behind; null where it is not loaded.
  public @Nullable View viewIfLoaded(long scope) {
    synchronized (images) {
      var image = images.get(scope);
      return image == null ? null : image.view();
    }
  }

  /// What is written in a scope from where its image is, and what was written there last.
  public RecentTexts recentTexts(long scope) {
    synchronized (images) {
      var image = images.get(scope);
      return new RecentTexts(scope, image == null ? Map.of() : image.seen());
    }
  }

  /// Brings an image that readers use up to date in the background, if it is far behind: so that
  /// the next of them does not wait for it.
  public void followSoon(long scope) {
    var executor = background;
    synchronized (images) {
      var image = images.get(scope);
      if (executor == null
          || image == null
          || following != NOBODY
          || journal.lastPosition() - image.upTo() < FAR_BEHIND) {
        return;
      }
      following = scope;
    }
    executor.execute(() -> {
      try {
        view(scope);
      } catch (RemanenceException e) {
        LOG.log(System.Logger.Level.WARNING, "an image waits for its reader: " + e.getMessage());
      } finally {
        synchronized (images) {
          following = NOBODY;
        }
      }
    });
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
  ///
  /// @param counted what [VectorTable#countLate] answered
  public void takeVectors(long scope, List<VectorTable.Stored> late, long counted) {
    ScopeImage image;
    synchronized (images) {
      image = images.get(scope);
    }
    if (image != null) {
      synchronized (image) {
        if (!image.isBroken()) {
          image.takeVectors(late, counted);
          account(image);
        }
      }
    }
  }

  /// Takes vectors up in place of others. A snapshot may hold the others.
  public void replaceVectors(long scope, List<VectorTable.Stored> others, long counted) {
    ScopeImage image;
    synchronized (images) {
      image = images.get(scope);
    }
    if (image != null) {
      synchronized (image) {
        if (!image.isBroken()) {
          image.replaceVectors(others, counted);
          account(image);
        }
      }
    }
    removeSnapshot(scope);
  }

  /// Drops a scope's image: its revisions arrived out of order.
  public void drop(long scope) {
    synchronized (images) {
      var dropped = images.remove(scope);
      if (dropped != null) {
        bytes -= dropped.accounted;
      }
    }
  }

  /// Removes all that is derived of a scope in which something was erased, in memory and on disk.
  public void erased(long scope) {
    drop(scope);
    removeSnapshot(scope);
  }

  private void removeSnapshot(long scope) {
    try {
      snapshots.remove(scope, journal.lastPosition());
    } catch (IOException e) {
      throw Disk.translate(e, directory(journal));
    }
  }

  /// Drops everything, in memory and on disk, and keeps nothing on disk until it is closed: while
  /// revisions of others come in, and with them erasures.
  public Hold hold() {
    try {
      snapshots.hold();
    } catch (IOException e) {
      snapshots.release();
      throw Disk.translate(e, directory(journal));
    }
    return () -> {
      dropAll();
      snapshots.release();
    };
  }

  /// See [#hold].
  @FunctionalInterface
  public interface Hold extends AutoCloseable {
    @Override
    void close();
  }

  private void dropAll() {
    synchronized (images) {
      images.clear();
      bytes = 0;
    }
  }

  /// Removes a store's snapshots, before its images are made.
  public static void removeSnapshots(SqliteJournal journal) {
    try {
      Disk.deleteNamed(directory(journal), SqliteJournal.IMAGE_NAMES);
    } catch (IOException e) {
      throw Disk.translate(e, directory(journal));
    }
  }

  private static Path directory(SqliteJournal journal) {
    return journal.directory().resolve(SqliteJournal.IMAGES);
  }

  /// Writes the images that have grown by a tenth since they were written last: in the background,
  /// now and then. So each byte is written some ten times at most.
  public void writeGrown() {
    write(false);
  }

  /// Writes the images that would take long to bring up to date: before closing.
  public void writeLast() {
    write(true);
  }

  private void write(boolean last) {
    List<ScopeImage> all;
    synchronized (images) {
      all = new ArrayList<>(images.values());
    }
    for (var image : all) {
      write(image, last);
    }
  }

  private void write(ScopeImage image, boolean last) {
    var snapshot = image.snapshot();
    if (snapshot != null && isWorth(image, snapshot.size(), last)) {
      if (snapshots.write(image.scope(), snapshot)) {
        image.onDisk(snapshot.size());
      }
    }
  }

  private static boolean isWorth(ScopeImage image, int size, boolean last) {
    long grown = (long) size - image.sizeOnDisk();
    return grown >= WORTH_A_SNAPSHOT && (grown * 10 >= size || (last && grown > GROWN_A_LOT));
  }

  /// Counts an image anew and drops others if all are too large. Under the image's lock.
  private void account(ScopeImage image) {
    synchronized (images) {
      if (images.get(image.scope()) != image) {
        return;
      }
      bytes += image.bytes() - image.accounted;
      image.accounted = image.bytes();
      var eldest = images.values().iterator();
      while (bytes > bytesMax && eldest.hasNext()) {
        var each = eldest.next();
        if (each != image) {
          bytes -= each.accounted;
          eldest.remove();
          leave(each);
        }
      }
    }
  }

  private void leave(ScopeImage image) {
    var executor = background;
    var snapshot = image.snapshot();
    if (executor != null
        && leaving == null
        && snapshot != null
        && isWorth(image, snapshot.size(), true)) {
      leaving = image;
      executor.execute(() -> {
        try {
          write(image, true);
        } finally {
          synchronized (images) {
            leaving = null;
          }
        }
      });
    }
  }

  /// Writes all images, however small.
  void writeAll() {
    synchronized (images) {
      for (var image : images.values()) {
        var snapshot = image.snapshot();
        if (snapshot != null && snapshots.write(image.scope(), snapshot)) {
          image.onDisk(snapshot.size());
        }
      }
    }
  }

  /// Rows and vectors of a scope that were read from a snapshot or are in one.
  int sizeOnDisk(long scope) {
    synchronized (images) {
      var image = images.get(scope);
      return image == null ? 0 : image.sizeOnDisk();
    }
  }

  /// What all images in memory take.
  long bytes() {
    synchronized (images) {
      return bytes;
    }
  }

  /// How many images are in memory.
  int count() {
    synchronized (images) {
      return images.size();
    }
  }
}
