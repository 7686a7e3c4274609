package dev.remanence.image;

import dev.remanence.journal.Body;
import dev.remanence.journal.Entry;
import dev.remanence.journal.Reader;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The texts that were written lately in a scope, to be found by another one that is nearly the
/// same. Who writes asks here, and so does not have to bring the scope's image up to date, which
/// costs ten times as much: that waits until somebody reads.
///
/// It follows the journal like an image and begins where the image is, or a thousand revisions back
/// where that is farther or there is none. It knows what was written, not what is current: whoever
/// asks holds what is found against the journal. Of very many texts the oldest are dropped, half of
/// them at a time. Thread-safe.
public final class RecentTexts {
  /// After a great import a question reads it, not a write.
  private static final int REVISIONS_MAX = 1000;

  private static final int BATCH = 256;
  private static final int HALF = 8192;

  private final long scope;

  /// By chain: the number of the last revision that was taken up.
  private final Map<Long, Long> seen;

  private Half older = new Half();
  private Half newer = new Half();
  private long upTo = -1;

  /// @param seen what the scope's image has of each chain
  RecentTexts(long scope, Map<Long, Long> seen) {
    this.scope = scope;
    this.seen = new HashMap<>(seen);
  }

  /// A text that may be alike.
  ///
  /// @param position of the revision that holds it
  /// @param bands how many it shares
  public record Text(UUID memory, long position, int bands) {}

  /// The texts up to a position of the journal that may be nearly the same as another.
  public synchronized List<Text> find(Reader reader, long position, Shingles text)
      throws SQLException {
    if (upTo < position) {
      for (var chain : reader.chains(scope)) {
        catchUp(reader, chain);
      }
      upTo = position;
    }
    var found = new ArrayList<Text>();
    older.find(text, found);
    newer.find(text, found);
    return found;
  }

  private void catchUp(Reader reader, Reader.Chain chain) throws SQLException {
    long from = Math.max(seen.getOrDefault(chain.id(), 0L), chain.seq() - REVISIONS_MAX);
    while (from < chain.seq()) {
      var batch = reader.chain(chain.id(), from, BATCH);
      batch.forEach(this::take);
      from = batch.size() < BATCH ? chain.seq() : batch.getLast().seq();
    }
    seen.put(chain.id(), chain.seq());
  }

  private void take(Entry entry) {
    var content = entry.header().holdsContent() ? contentOf(entry) : null;
    // Turns repeat what was said before as a matter of course.
    if (content != null && content.speaker() == null) {
      if (newer.count == HALF) {
        older = newer;
        newer = new Half();
      }
      newer.add(entry.header().memory(), entry.pos(), Shingles.of(content));
    }
  }

  private static Body.@Nullable Content contentOf(Entry entry) {
    var bytes = entry.body();
    return bytes == null ? null : Body.decodeWithoutVector(bytes).content();
  }

  private static final class Half {
    private final Lookalikes lookalikes = new Lookalikes();
    private UUID[] memories = new UUID[16];
    private long[] positions = new long[16];
    private int count;

    void add(UUID memory, long position, Shingles text) {
      if (count == positions.length) {
        memories = Arrays.copyOf(memories, 2 * count);
        positions = Arrays.copyOf(positions, 2 * count);
      }
      memories[count] = memory;
      positions[count] = position;
      lookalikes.add(count, text);
      count++;
    }

    void find(Shingles text, List<Text> found) {
      lookalikes
          .pin()
          .find(text)
          .forEach(
              (number, bands) -> found.add(new Text(memories[number], positions[number], bands)));
    }
  }
}
