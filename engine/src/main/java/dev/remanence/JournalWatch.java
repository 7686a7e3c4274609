package dev.remanence;

import dev.remanence.journal.Entry;
import dev.remanence.journal.HybridClock;
import dev.remanence.journal.Reader;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Tells what the journal records, in its order, on a virtual thread of its own.
///
/// Nothing is kept for whoever watches: the next revisions are read from the journal when the last
/// ones were taken, so that one who is slow falls behind at no cost to the writer or to memory. A
/// revision is told when its commit is durable, after it was taken out of the caches, which its
/// writer may not have done yet: who asks on being told gets what was told of.
final class JournalWatch implements Watch, Runnable {
  private static final System.Logger LOG = System.getLogger("dev.remanence");
  private static final int BATCH = 256;

  private final OwnedStore own;
  private final Sitting sitting;
  private final Predicate<String> scopes;
  private final Consumer<WatchEvent> consumer;

  /// What was told or passed over; only this watch's thread changes it.
  private long position;

  private volatile long told;
  private volatile boolean open = true;

  /// @param sitting with which it ends
  /// @param scopes whether a scope is watched and may be seen
  /// @param after where it begins
  JournalWatch(
      OwnedStore own,
      Sitting sitting,
      Predicate<String> scopes,
      long after,
      Consumer<WatchEvent> consumer) {
    this.own = own;
    this.sitting = sitting;
    this.scopes = scopes;
    this.position = after;
    this.told = after;
    this.consumer = consumer;
  }

  Sitting sitting() {
    return sitting;
  }

  void start() {
    Thread.ofVirtual().name("remanence-watch").start(this);
  }

  @Override
  public void run() {
    try {
      while (open) {
        own.journal.awaitBeyond(position, () -> open);
        if (open) {
          tell();
        }
      }
    } catch (RuntimeException e) {
      if (open) {
        LOG.log(System.Logger.Level.WARNING, "a watch has ended: " + e);
      }
    } finally {
      close();
    }
  }

  private void tell() {
    // Not beyond what is acknowledged: a row may be there before its commit is on disk.
    long durable = own.journal.lastPosition();
    var events = own.journal.readConsistently(reader -> next(reader, durable));
    for (var event : events) {
      if (!open) {
        return;
      }
      own.changed(event.id());
      consumer.accept(event);
      told = event.position();
    }
    told = position;
  }

  private List<WatchEvent> next(Reader reader, long durable) throws SQLException {
    var events = new ArrayList<WatchEvent>();
    Map<Long, String> names = new HashMap<>();
    var entries = reader.entries(position, BATCH);
    for (var entry : entries) {
      if (entry.pos() > durable) {
        return events;
      }
      position = entry.pos();
      var event = event(reader, entry, names);
      if (event != null) {
        events.add(event);
      }
    }
    if (entries.size() < BATCH) {
      // The last positions may be of nothing: an erasure takes the names of scopes away.
      position = Math.max(position, durable);
    }
    return events;
  }

  /// Null for what is not told: what is of no memory, what was erased since, and what lies in
  /// another scope, or in one whose name was erased.
  private @Nullable WatchEvent event(Reader reader, Entry entry, Map<Long, String> names)
      throws SQLException {
    var header = entry.header();
    boolean erasedSince = entry.erased() && header.change() != Change.ERASE;
    if (header.change() == Change.OPEN || Reader.isSentinel(header.memory()) || erasedSince) {
      return null;
    }
    var name = names.get(entry.chain());
    if (name == null) {
      var found = reader.scopePathOf(entry);
      name = found == null ? "" : found;
      names.put(entry.chain(), name);
    }
    if (name.isEmpty() || !scopes.test(name)) {
      return null;
    }
    var body = entry.decoded();
    return new WatchEvent(
        entry.pos(),
        header.memory(),
        name,
        header.number(),
        header.change(),
        Instant.ofEpochMilli(HybridClock.millis(header.recorded())),
        body == null ? null : body.cause().session(),
        body == null ? null : body.cause().tool());
  }

  @Override
  public long position() {
    return told;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() {
    open = false;
    own.ended(this);
    own.journal.wake();
  }
}
