package dev.remanence.journal;

import dev.remanence.AsOf;
import dev.remanence.Listing;
import dev.remanence.Memory;
import dev.remanence.OpenOptions;
import dev.remanence.Remanence;
import dev.remanence.RemanenceException;
import dev.remanence.RemanenceException.NotFound;
import dev.remanence.Revised;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;

/// Everything that a store answers, asked through its public face, as text: one line a question. An
/// error that withholds an answer reads `!` and its name; "not found" is an answer.
final class Answers {
  /// Begins a question whose answer is counted from rows that are not verified one by one: of a
  /// damaged store it may be wrong until `verify` has been asked.
  private static final String UNVERIFIED = "unverified: ";

  private final SortedMap<String, String> lines = new TreeMap<>();

  private Answers() {}

  /// Asks everything. Fails with the store's own error where it does not open.
  static Answers of(Path store, Collection<UUID> ids) {
    var answers = new Answers();
    try (var open = Remanence.open(store, OpenOptions.DEFAULT.create(false))) {
      answers.ask(open, ids);
    }
    return answers;
  }

  private void ask(Remanence store, Collection<UUID> ids) {
    ask(UNVERIFIED + "scopes", () -> store.scopes(null).toString());
    for (var scope : ChurnedStore.SCOPES) {
      ask("list " + scope, () -> list(store, scope));
      for (int i = 0; i < 20; i++) {
        var key = "key-" + i;
        ask("key " + scope + " " + key, () -> text(store.get(scope, key, AsOf.NOW)));
      }
    }
    for (var id : ids) {
      ask("get " + id, () -> text(store.get(id)));
      ask("history " + id, () -> history(store.history(id)));
    }
  }

  private void ask(String question, Supplier<String> answer) {
    try {
      lines.put(question, answer.get());
    } catch (NotFound e) {
      lines.put(question, "not found");
    } catch (RemanenceException e) {
      lines.put(question, "!" + e.name());
    }
  }

  private static String list(Remanence store, String scope) {
    var all = new ArrayList<String>();
    var listing = Listing.FIRST.limit(200).order(Listing.Order.CREATED);
    var cursor = (String) null;
    do {
      var page = store.list(scope, listing.after(cursor));
      page.memories().forEach(memory -> all.add(text(memory)));
      cursor = page.cursor();
    } while (cursor != null);
    return String.join("\n", all);
  }

  private static String history(List<Revised> revisions) {
    var all = new ArrayList<String>();
    for (var each : revisions) {
      var memory = each.memory();
      all.add(
          String.join(
              " ",
              each.revision() + "",
              each.change().word(),
              each.branch(),
              each.parents().toString(),
              each.recordedAt().toString(),
              each.session(),
              each.tool(),
              each.message(),
              each.site(),
              each.sequence() + "",
              each.hash(),
              each.erased() + "",
              memory == null ? "-" : text(memory)));
    }
    return String.join("\n", all);
  }

  /// All of a memory but what depends on the moment of asking and on how often it was asked.
  private static String text(Memory memory) {
    return new Memory(
            memory.id(),
            memory.scope(),
            memory.kind(),
            memory.key(),
            memory.text(),
            memory.content(),
            memory.speaker(),
            memory.tags(),
            memory.metadata(),
            memory.importance(),
            memory.pinned(),
            memory.links(),
            memory.at(),
            memory.until(),
            memory.revision(),
            memory.branch(),
            memory.createdAt(),
            memory.updatedAt(),
            memory.count(),
            0,
            0,
            memory.provenance(),
            memory.expires(),
            memory.durable(),
            memory.hash())
        .toString();
  }

  /// Questions that are answered otherwise than there, errors not counted.
  ///
  /// @param verified whether `verify` found nothing here
  List<String> wrongAgainst(Answers truth, boolean verified) {
    var wrong = new ArrayList<String>();
    truth.lines.forEach((question, right) -> {
      if (question.startsWith(UNVERIFIED) && !verified) {
        return;
      }
      var answer = lines.getOrDefault(question, "");
      if (!answer.equals(right) && !answer.startsWith("!")) {
        wrong.add(question + "\n  right: " + right + "\n  wrong: " + answer);
      }
    });
    return wrong;
  }

  /// Questions whose answer was withheld.
  List<String> withheld() {
    return lines.entrySet().stream()
        .filter(each -> each.getValue().startsWith("!"))
        .map(each -> each.getKey() + " " + each.getValue())
        .toList();
  }
}
