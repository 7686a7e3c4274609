package dev.remanence;

import dev.remanence.image.Images;
import dev.remanence.image.RecentTexts;
import dev.remanence.image.RecentTexts.Text;
import dev.remanence.image.Shingles;
import dev.remanence.image.View.Moment;
import dev.remanence.journal.Body;
import dev.remanence.journal.Reader;
import dev.remanence.journal.SqliteJournal;
import dev.remanence.life.Wish;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
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
  static final int BATCH_MAX = 100;

  /// How many texts' shingles are kept, and how many of one text at most.
  private static final int KEPT_MAX = 512;

  private static final int KEPT_SIZE_MAX = 256;

  /// In how many scopes the texts that were written lately are known.
  private static final int SCOPES_MAX = 64;

  /// By the position that holds a content: what it was compared by last. Who writes the same again
  /// and again is compared with the same again and again. Guarded by itself.
  private final Map<Long, Shingles> kept = latest(KEPT_MAX);

  /// By scope. Guarded by itself.
  private final Map<Long, RecentTexts> recent = latest(SCOPES_MAX);

  private final SqliteJournal journal;
  private final Images images;
  private final InstantSource wall;

  NearDuplicates(SqliteJournal journal, Images images, InstantSource wall) {
    this.journal = journal;
    this.images = images;
    this.wall = wall;
  }

  private static <K, V> Map<K, V> latest(int max) {
    return new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > max;
      }
    };
  }

  /// Which memories are alike to a text, the most alike first.
  ///
  /// @param told those that say nearly the same
  /// @param candidates those, and others that may say something else of the same
  record Near(List<UUID> told, List<UUID> candidates) {
    static final Near NONE = new Near(List.of(), List.of());
  }

  /// What is alike to each wish in the scope as it is now. It is a hint: where it cannot be told
  /// there is none.
  List<Near> of(String path, List<Wish> wishes) {
    if (wishes.size() <= BATCH_MAX && wishes.stream().anyMatch(NearDuplicates::isTold)) {
      try {
        long scope = journal.readProving(reader -> reader.scope(path));
        if (scope != 0) {
          var near = wishes.stream().map(wish -> of(scope, wish)).toList();
          images.followSoon(scope);
          return near;
        }
      } catch (RemanenceException e) {
        LOG.log(System.Logger.Level.WARNING, "near duplicates are not told: " + e.getMessage());
      }
    }
    return Collections.nCopies(wishes.size(), Near.NONE);
  }

  /// Turns repeat what was said before as a matter of course.
  private static boolean isTold(Wish wish) {
    return Objects.requireNonNull(wish.content()).speaker() == null;
  }

  private record Alike(Text text, double likeness) {}

  private Near of(long scope, Wish wish) {
    if (!isTold(wish)) {
      return Near.NONE;
    }
    var text = Shingles.of(Objects.requireNonNull(wish.content()));
    var alike = alike(scope, text, Judging.LIKENESS_MIN);
    var told = alike.stream().filter(each -> each.likeness >= LIKENESS_MIN).limit(TOLD_MAX);
    return new Near(memories(told), memories(alike.stream()));
  }

  private static List<UUID> memories(Stream<Alike> alike) {
    return alike.map(each -> each.text.memory()).distinct().toList();
  }

  /// The memories that are as much like a text as this, the most alike first.
  List<UUID> alike(long scope, String text, double likenessMin) {
    var content = new Body.Content(text, null, null, null);
    return memories(alike(scope, Shingles.of(content), likenessMin).stream());
  }

  private List<Alike> alike(long scope, Shingles text, double likenessMin) {
    var compared =
        candidates(scope, text).stream()
            .sorted(
                Comparator.comparingInt(Text::bands).reversed().thenComparingLong(Text::position))
            .limit(COMPARED_MAX)
            .toList();
    if (compared.isEmpty()) {
      return List.of();
    }
    var shingles = shingles(compared.stream().mapToLong(Text::position).toArray());
    var alike = new ArrayList<Alike>();
    for (var each : compared) {
      var other = shingles.get(each.position());
      double likeness = other == null ? 0 : text.likeness(other);
      if (likeness >= likenessMin) {
        alike.add(new Alike(each, likeness));
      }
    }
    if (alike.isEmpty()) {
      return List.of();
    }
    alike.sort(MOST_ALIKE_FIRST);
    return journal.readConsistently(reader -> {
      var current = new ArrayList<Alike>();
      for (var each : alike) {
        if (isCurrent(reader, each.text)) {
          current.add(each);
        }
      }
      return current;
    });
  }

  private static final Comparator<Alike> MOST_ALIKE_FIRST =
      Comparator.comparingDouble(Alike::likeness).reversed();

  /// By the scope's image, which may be behind, and by what was written since: each once.
  private Collection<Text> candidates(long scope, Shingles text) {
    RecentTexts written;
    synchronized (recent) {
      written = recent.computeIfAbsent(scope, images::recentTexts);
    }
    long position = journal.lastPosition();
    var found = new HashMap<Long, Text>();
    journal
        .readConsistently(reader -> written.find(reader, position, text))
        .forEach(each -> found.put(each.position(), each));
    var view = images.viewIfLoaded(scope);
    if (view != null) {
      var scan = view.scan(Moment.now(wall.millis()), Filter.ALL);
      view.lookalikes(text)
          .forEach((content, bands) -> {
            int row = scan.rowOf(content);
            if (row >= 0) {
              var other = new Text(view.id(row), view.holder(content), bands);
              found.put(other.position(), other);
            }
          });
    }
    return found.values();
  }

  /// Whether a text still speaks for its memory.
  private boolean isCurrent(Reader reader, Text text) throws SQLException {
    var live = reader.live(text.memory());
    if (live == null) {
      return false;
    }
    var head = live.head();
    long holder = head.base() == 0 ? head.pos() : head.base();
    return holder == text.position() && reader.shown(head).attributes().expires() > wall.millis();
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
