package dev.remanence.mind.conflict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remanence.ConflictRecord;
import dev.remanence.ConflictRecord.Relation;
import dev.remanence.ConflictRecord.Status;
import dev.remanence.Conflicts;
import dev.remanence.Draft;
import dev.remanence.Filter;
import dev.remanence.Memory;
import dev.remanence.OpenOptions;
import dev.remanence.Remanence;
import dev.remanence.Resolution;
import dev.remanence.Resolution.Side;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A false statement, said over and over with small changes among real ones, is seen and can be
/// joined to one memory; the real ones are not touched.
final class ConflictJunkTest {
  private static final String SCOPE = "acme/junk";
  private static final int COUNT = 1000;
  private static final List<String> ENDINGS = List.of("", ".", "!", " .", "...", " !", "!!", ". ");

  @TempDir Path temp;

  @Test
  void falseStatement_saidAThousandTimes_isOneMemoryInTheEnd() {
    try (var store =
        Remanence.open(temp.resolve("store"), OpenOptions.DEFAULT.embedder("none").shared(false))) {
      var real = new ArrayList<UUID>();
      var junk = new HashSet<UUID>();
      for (int i = 0; i < COUNT; i++) {
        real.add(store.remember(SCOPE, Draft.of(real(i))).id());
        junk.add(store.remember(SCOPE, Draft.of(falsehood(i))).id());
      }
      var conflicts = store.conflicts(SCOPE);
      var found = all(conflicts);
      assertThat(found)
          .allMatch(each -> junk.contains(each.older()) && junk.contains(each.newer()))
          .allMatch(each -> each.relation() == Relation.DUPLICATE);
      for (var each : found.reversed()) {
        if (conflicts.get(each.id()).status() == Status.OPEN) {
          conflicts.resolve(each.id(), Resolution.keep(Side.OLDER), "the same");
        }
      }
      List<Memory> left;
      try (var all = store.stream(SCOPE, Filter.ALL, false)) {
        left = all.toList();
      }
      assertThat(left).extracting(Memory::id).containsAll(real);
      assertThat(left).hasSize(COUNT + 1);
      assertThat(left)
          .filteredOn(memory -> real.contains(memory.id()))
          .allMatch(memory -> memory.revision() == 1);
    }
  }

  private static List<ConflictRecord> all(Conflicts conflicts) {
    var all = new ArrayList<ConflictRecord>();
    var listing = Conflicts.Listing.ALL.limit(100);
    Conflicts.Page page;
    do {
      page = conflicts.list(listing);
      all.addAll(page.conflicts());
      listing = listing.after(page.after());
    } while (page.after() != null);
    return all;
  }

  private static String real(int number) {
    var things = List.of("pump", "valve", "filter", "belt", "motor", "fan", "sensor", "lamp");
    return "The "
        + things.get(number % things.size())
        + " number "
        + number
        + " stands in hall "
        + number * 7 % 23
        + " and was checked by crew "
        + number * 13 % 41;
  }

  private static String falsehood(int number) {
    var text = "The moon is made of old green cheese and mice live on it";
    var spaced = number / 2 % 3 == 0 ? text : text.replace(" old ", "  old ");
    var cased = number % 2 == 0 ? spaced : spaced.replace("moon", "Moon");
    return cased + ENDINGS.get(number % ENDINGS.size());
  }
}
