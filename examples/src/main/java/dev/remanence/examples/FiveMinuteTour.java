package dev.remanence.examples;

import dev.remanence.AsOf;
import dev.remanence.Draft;
import dev.remanence.Filter;
import dev.remanence.Kind;
import dev.remanence.Listing;
import dev.remanence.Patch;
import dev.remanence.Remanence;
import dev.remanence.RemanenceException.Conflict;
import dev.remanence.RemanenceException.NotFound;
import dev.remanence.Retention;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/// Five minutes with Remanence: run it, read it from top to bottom. The build runs it too.
public final class FiveMinuteTour {
  private FiveMinuteTour() {}

  public static void main(String[] arguments) throws IOException {
    var directory =
        arguments.length > 0 ? Path.of(arguments[0]) : Files.createTempDirectory("tour");
    run(directory, System.out);
  }

  static void run(Path directory, PrintStream out) {
    // A store is a directory. Whoever opens it owns it until it is closed.
    try (var store = Remanence.open(directory.resolve("memory"))) {

      // A scope is a path. What is remembered is on disk when the call returns.
      var anna = store.scope("acme/user:anna");
      var tea = anna.remember("Anna prefers tea");
      anna.remember(
          Draft.of("Anna asked to move the review to Friday")
              .kind(Kind.EPISODIC)
              .tags("review", "calendar")
              .importance(0.8));

      // The same thing said twice is one memory with a counter.
      anna.remember("Anna prefers tea");
      out.println("said " + store.get(tea.id()).count() + " times: Anna prefers tea");

      // Ask.
      var best = anna.recall("does Anna drink tea?").hits().getFirst();
      out.println("recalled: " + best.memory().text());

      // A key has one current value and a past on two clocks.
      anna.remember(Draft.of("Paris").key("home").at(Instant.parse("2020-01-01T00:00:00Z")));
      anna.remember(Draft.of("Berlin").key("home").at(Instant.parse("2024-06-01T00:00:00Z")));
      var in2022 = AsOf.NOW.validAt(Instant.parse("2022-01-01T00:00:00Z"));
      out.println("home now: " + anna.get("home").text());
      out.println("home in 2022: " + anna.get("home", in2022).text());

      // Nothing changes in silence: every change is a revision.
      var first = store.get(tea.id());
      store.revise(
          tea.id(),
          new Patch()
              .text("Anna prefers green tea")
              .ifRevision(first.revision())
              .message("she said which"));
      try {
        store.revise(tea.id(), new Patch().text("coffee").ifRevision(first.revision()));
      } catch (Conflict e) {
        out.println("refused: somebody else was faster");
      }
      for (var revision : store.history(tea.id())) {
        out.println("revision " + revision.revision() + ": " + revision.change().word());
      }

      // Forgetting hides; erasing removes the bytes and leaves a receipt.
      store.forget(tea.id(), "asked to");
      var receipt = store.erase(tea.id(), "asked to");
      out.println("erased revisions: " + receipt.revisions());
      try {
        store.get(tea.id());
      } catch (NotFound e) {
        out.println("gone");
      }

      // Streams are lazy; a list comes in pages.
      try (var all = anna.stream(Filter.ALL)) {
        out.println("still here: " + all.count());
      }
      out.println("in pages: " + anna.list(Listing.FIRST.limit(10)).memories().size());

      // Care.
      var backup = store.backup(directory.resolve("backups"), Retention.FOREVER);
      out.println("backed up revisions: " + backup.revisions());
      out.println("sound: " + store.verify(true, null).sound());
    }
  }
}
