package dev.remanence;

import dev.remanence.image.Shingles;
import dev.remanence.image.View;
import dev.remanence.image.View.Moment;
import dev.remanence.journal.Body;
import dev.remanence.journal.SqliteJournal;
import dev.remanence.life.Wish;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Tells which current memories of a scope say nearly what is to be remembered: so nearly that half
/// of the pairs of neighbouring words are the same. They are told, never merged. Thread-safe.
final class NearDuplicates {
  private static final System.Logger LOG = System.getLogger("dev.remanence");

  /// The least likeness, of [Shingles].
  private static final double LIKENESS_MIN = 0.5;

  /// Texts that are compared word by word, and memories that are told.
  private static final int COMPARED_MAX = 16;

  private static final int TOLD_MAX = 5;

  /// A greater batch is an import, whose caller reads no list of them.
  private static final int BATCH_MAX = 100;

  /// Revisions that are read for it. After a great import the first question reads them, not a
  /// write.
  private static final int REVISIONS_MAX = 1000;

  /// How many texts' shingles are kept, and how many of one text at most.
  private static final int KEPT_MAX = 512;

  private static final int KEPT_SIZE_MAX = 256;

  /// By the position that holds a content: what it was compared by last. Who writes the same again
  /// and again is compared with the same again and again. Guarded by itself.
  private final Map<Long, Shingles> kept =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Shingles> eldest) {
          return size() > KEPT_MAX;
        }
      };

  private final SqliteJournal journal;
  private final Scopes scopes;
  private final InstantSource wall;

  NearDuplicates(SqliteJournal journal, Scopes scopes, InstantSource wall) {
    this.journal = journal;
    this.scopes = scopes;
    this.wall = wall;
  }

  /// The near duplicates of each wish in the scope as it is now, the most alike first. They are a
  /// hint: where they cannot be told, or only after a long time, there are none.
  List<List<UUID>> of(String scope, List<Wish> wishes) {
    if (wishes.size() <= BATCH_MAX && wishes.stream().anyMatch(NearDuplicates::isTold)) {
      try {
        var view = scopes.viewIfNear(scope, REVISIONS_MAX);
        if (view != null) {
          return wishes.stream().map(wish -> of(view, wish)).toList();
        }
      } catch (RemanenceException e) {
        LOG.log(System.Logger.Level.WARNING, "near duplicates are not told: " + e.getMessage());
      }
    }
    return Collections.nCopies(wishes.size(), List.of());
  }

  /// Turns repeat what was said before as a matter of course.
  private static boolean isTold(Wish wish) {
    return Objects.requireNonNull(wish.content()).speaker() == null;
  }

  private record Alike(UUID id, double likeness) {}

  private List<UUID> of(View view, Wish wish) {
    if (!isTold(wish)) {
      return List.of();
    }
    var text = Shingles.of(Objects.requireNonNull(wish.content()));
    var scan = view.scan(Moment.now(wall.millis()), Filter.ALL);
    var alike = new ArrayList<Alike>();
    var compared =
        view.lookalikes(text).entrySet().stream()
            .filter(entry -> scan.rowOf(entry.getKey()) >= 0)
            .sorted(
                Map.Entry.<Integer, Integer>comparingByValue()
                    .reversed()
                    .thenComparing(Map.Entry.comparingByKey()))
            .limit(COMPARED_MAX)
            .map(Map.Entry::getKey)
            .toList();
    if (compared.isEmpty()) {
      return List.of();
    }
    var shingles = shingles(compared.stream().mapToLong(view::holder).toArray());
    for (int content : compared) {
      var other = shingles.get(view.holder(content));
      double likeness = other == null ? 0 : text.likeness(other);
      if (likeness >= LIKENESS_MIN) {
        alike.add(new Alike(view.id(scan.rowOf(content)), likeness));
      }
    }
    return alike.stream()
        .sorted(Comparator.comparingDouble(Alike::likeness).reversed())
        .map(Alike::id)
        .distinct()
        .limit(TOLD_MAX)
        .toList();
  }

  /// The shingles of contents by the positions that hold them.
  private Map<Long, Shingles> shingles(long[] holders) {
    var found = new HashMap<Long, Shingles>();
    synchronized (kept) {
      for (long holder : holders) {
        var known = kept.get(holder);
        if (known != null) {
          found.put(holder, known);
        }
      }
    }
    var missing = Arrays.stream(holders).filter(pos -> !found.containsKey(pos)).toArray();
    if (missing.length > 0) {
      var entries = journal.readConsistently(reader -> reader.entries(missing));
      for (long pos : missing) {
        var content = content(Objects.requireNonNull(entries.get(pos)).decoded());
        if (content != null) {
          found.put(pos, Shingles.of(content));
        }
      }
      synchronized (kept) {
        found.forEach((pos, each) -> {
          if (each.size() <= KEPT_SIZE_MAX) {
            kept.put(pos, each);
          }
        });
      }
    }
    return found;
  }

  private static Body.@Nullable Content content(@Nullable Body body) {
    return body == null ? null : body.content();
  }
}
