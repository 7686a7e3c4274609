package dev.remanence.torture;

import dev.remanence.Change;
import dev.remanence.Filter;
import dev.remanence.Memory;
import dev.remanence.OpenOptions;
import dev.remanence.Remanence;
import dev.remanence.RemanenceException;
import dev.remanence.Revised;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/// What must hold of a store after [KillDriver] died, given the lines that it printed:
///
/// - it opens, and `verify --deep` finds nothing;
/// - every acknowledged revision is there under its number with its text, or erased where an
///   erasure of its memory was begun;
/// - what was acknowledged as erased is erased;
/// - a memory's revisions are numbered without gaps, and each thread's texts ascend along the chain
///   of a scope;
/// - no text is there twice; a batch is there as a whole or not at all.
public final class KillChecker {
  private record Said(int thread, UUID id, int revision, String text) {}

  private final Map<UUID, List<Said>> said = new LinkedHashMap<>();
  private final Set<UUID> erased = new HashSet<>();
  private final List<String> wrong = new ArrayList<>();
  private int acknowledged;

  private KillChecker(List<String> lines) {
    for (var line : lines) {
      var parts = line.split(" ", 5);
      if (parts[0].equals("r") && parts.length == 5) {
        var id = UUID.fromString(parts[2]);
        var one = new Said(Integer.parseInt(parts[1]), id, Integer.parseInt(parts[3]), parts[4]);
        said.computeIfAbsent(id, _ -> new ArrayList<>()).add(one);
        acknowledged++;
      } else if (parts[0].equals("e") && parts.length == 3) {
        erased.add(UUID.fromString(parts[2]));
      }
    }
  }

  /// How many revisions the lines acknowledge, and everything that is wrong.
  public record Verdict(int acknowledged, int memories, List<String> wrong) {}

  /// Checks a store against whole lines; a last one that was cut is the caller's to leave out.
  public static Verdict check(Path directory, List<String> lines) {
    var checker = new KillChecker(lines);
    int memories = 0;
    try (var store = Remanence.open(directory, OpenOptions.DEFAULT.create(false).tool("checker"))) {
      checker.checkSound(store);
      checker.said.forEach((id, each) -> checker.checkMemory(store, id, each));
      memories = checker.checkPresent(store);
    } catch (RemanenceException.NotFound e) {
      if (checker.acknowledged > 0) {
        checker.wrong.add("the store is not there: " + e.getMessage());
      }
    } catch (RemanenceException e) {
      checker.wrong.add(e.name() + ": " + e.getMessage());
    }
    return new Verdict(checker.acknowledged, memories, checker.wrong);
  }

  private void checkSound(Remanence store) {
    for (var problem : store.verify(true, null).problems()) {
      wrong.add("verify: " + problem);
    }
  }

  private void checkMemory(Remanence store, UUID id, List<Said> acknowledgements) {
    List<Revised> history;
    try {
      history = store.history(id);
    } catch (RemanenceException e) {
      wrong.add("memory " + id + " was acknowledged: " + e.getMessage());
      return;
    }
    for (int i = 0; i < history.size(); i++) {
      if (history.get(i).revision() != i + 1) {
        wrong.add("memory " + id + " has no revision " + (i + 1));
        return;
      }
    }
    boolean isErased = history.getLast().change() == Change.ERASE;
    if (erased.contains(id) && !isErased) {
      wrong.add("memory " + id + " was erased and is there");
    }
    for (var one : acknowledgements) {
      if (one.revision > history.size()) {
        wrong.add("memory " + id + " has lost revision " + one.revision);
        continue;
      }
      var memory = history.get(one.revision - 1).memory();
      if (isErased ? memory != null : memory == null || !one.text.equals(memory.text())) {
        wrong.add("memory " + id + " revision " + one.revision + " says another text");
      }
    }
  }

  /// What is there, acknowledged or not: nothing twice, batches whole, threads in their order.
  private int checkPresent(Remanence store) {
    var texts = new HashSet<String>();
    var batches = new HashMap<String, Integer>();
    int memories = 0;
    for (var scope : store.scopes(null)) {
      List<UUID> ids;
      try (var stream = store.stream(scope.scope(), Filter.ALL, false)) {
        ids = stream.map(Memory::id).toList();
      }
      if (new HashSet<>(ids).size() != ids.size()) {
        wrong.add("a memory of " + scope.scope() + " is listed twice");
      }
      memories += ids.size();
      var textOfSequence = new TreeMap<Long, String>();
      for (var id : ids) {
        for (var revised : store.history(id)) {
          var text = revised.memory() == null ? null : revised.memory().text();
          if (text != null) {
            textOfSequence.put(revised.sequence(), text);
            if (!texts.add(text)) {
              wrong.add("'" + text + "' is there twice");
            }
            countBatch(text, batches);
          }
        }
      }
      checkOrder(textOfSequence.values());
    }
    batches.forEach((batch, count) -> {
      int size = Integer.parseInt(batch.substring(batch.lastIndexOf(" of") + 3));
      if (count != size) {
        wrong.add("a batch is there in part: " + batch + " has " + count);
      }
    });
    return memories;
  }

  private static void countBatch(String text, Map<String, Integer> batches) {
    int part = text.indexOf(" b");
    if (part > 0) {
      batches.merge(
          text.substring(0, part) + text.substring(text.lastIndexOf(" of")), 1, Integer::sum);
    }
  }

  private void checkOrder(Collection<String> texts) {
    var lastOfWriter = new HashMap<String, Integer>();
    for (var text : texts) {
      var parts = text.split(" ", -1);
      int number = Integer.parseInt(parts[2].substring(1));
      var before = lastOfWriter.put(parts[0] + parts[1], number);
      if (before != null && before > number) {
        wrong.add("'" + text + "' comes after number " + before + " of its thread");
      }
    }
  }
}
