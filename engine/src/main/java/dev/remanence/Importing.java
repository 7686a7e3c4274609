package dev.remanence;

import dev.remanence.ImportReport.BadLine;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.TooLarge;
import dev.remanence.journal.Intake;
import dev.remanence.journal.Ledger;
import dev.remanence.journal.SqliteJournal;
import dev.remanence.life.Changes;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One import: reads JSONL, takes revisions in as they are and remembers plain memories anew.
///
/// Lines go in by batches, each a commit. A bad line is left out, with its number and the reason;
/// when strict, everything is one commit, and the first bad line ends it with nothing taken in.
final class Importing {
  private static final int BATCH_LINES = 500;
  private static final int BATCH_BYTES = 4 << 20;
  private static final int LINE_BYTES_MAX = 16 << 20;
  private static final int BAD_LINES_NAMED_MAX = 1000;

  private final SqliteJournal journal;
  private final ImportOptions options;
  private final Remanence.Progress progress;
  private final Function<Ledger, Changes> changes;
  private final Function<Draft, dev.remanence.life.Wish> wishes;
  private final Intake intake = new Intake();
  private final List<BadLine> badLines = new ArrayList<>();

  /// Lines read so far; the reading thread's until its last batch was got.
  private long lines;

  private long revisions;
  private long memories;
  private long known;
  private long bad;

  Importing(
      SqliteJournal journal,
      ImportOptions options,
      Remanence.Progress progress,
      Function<Ledger, Changes> changes,
      Function<Draft, dev.remanence.life.Wish> wishes) {
    this.journal = journal;
    this.options = options;
    this.progress = progress;
    this.changes = changes;
    this.wishes = wishes;
  }

  /// A line by its number; an error stands for one that could not be read.
  private record Line(long number, Json.@Nullable Obj json, @Nullable String error) {}

  ImportReport run(InputStream source) {
    var in = new InputLines(source, LINE_BYTES_MAX);
    // One batch is read and parsed while the one before is written.
    var reading =
        Executors.newSingleThreadExecutor(Thread.ofVirtual().name("remanence-import").factory());
    try {
      var next = reading.submit(() -> read(in));
      var kept = new ArrayList<Line>();
      for (var batch = got(next); !batch.isEmpty(); batch = got(next)) {
        next = reading.submit(() -> read(in));
        if (options.strict()) {
          kept.addAll(batch);
        } else {
          take(batch);
          progress.at(batch.getLast().number, 0);
        }
      }
      if (!kept.isEmpty()) {
        take(kept);
      }
    } finally {
      // The source may be one that nothing interrupts: it is not waited for.
      reading.shutdownNow();
    }
    return new ImportReport(lines, revisions, memories, known, bad, badLines);
  }

  private List<Line> got(Future<List<Line>> batch) {
    try {
      return batch.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw new RemanenceException.Unavailable(
            "reading the import failed after line " + lines + ": " + failure.getMessage(), failure);
      }
      throw new IllegalStateException("reading the import", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RemanenceException.Unavailable("the import was interrupted", e);
    }
  }

  private List<Line> read(InputLines in) throws IOException {
    var batch = new ArrayList<Line>();
    long bytes = 0;
    while (batch.size() < BATCH_LINES && bytes < BATCH_BYTES) {
      var line = in.read();
      if (line == null) {
        break;
      }
      lines++;
      bytes += line.length();
      if (line.bytes() == null) {
        batch.add(new Line(lines, null, "a line has at most " + LINE_BYTES_MAX + " bytes"));
      } else if (!isBlank(line.bytes())) {
        batch.add(parse(line.bytes()));
      } else if (batch.isEmpty()) {
        bytes = 0;
      }
    }
    return batch;
  }

  private static boolean isBlank(byte[] bytes) {
    for (byte b : bytes) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }

  private Line parse(byte[] bytes) {
    try {
      return Json.parse(bytes) instanceof Json.Obj json
          ? new Line(lines, json, null)
          : new Line(lines, null, "a line is a JSON object");
    } catch (InvalidInput | TooLarge e) {
      return new Line(lines, null, e.getMessage());
    }
  }

  /// What one batch did: kept only when its transaction holds.
  private static final class Tally {
    long revisions;
    long memories;
    long known;
    final List<BadLine> bad = new ArrayList<>();
  }

  private void take(List<Line> batch) {
    Tally tally;
    try {
      tally =
          journal.write(
              BATCH_BYTES,
              ledger -> {
                var made = new Tally();
                intake.startOver();
                for (var line : batch) {
                  take(ledger, line, made);
                }
                return made;
              });
    } catch (RemanenceException e) {
      intake.startOver();
      throw e;
    }
    revisions += tally.revisions;
    memories += tally.memories;
    known += tally.known;
    bad += tally.bad.size();
    for (var each : tally.bad) {
      if (badLines.size() < BAD_LINES_NAMED_MAX) {
        badLines.add(each);
      }
    }
  }

  private void take(Ledger ledger, Line line, Tally tally) throws SQLException {
    try {
      if (line.json == null) {
        throw new InvalidInput(Objects.requireNonNull(line.error));
      }
      var type = line.json.string("type");
      if (type == null || type.equals("memory")) {
        var plain = PlainLine.of(line.json);
        ledger.attempt(attempted -> remember(attempted, plain));
        tally.memories++;
      } else if (ledger.attempt(attempted -> intake.take(attempted, line.json))
          == Intake.Taken.NEW) {
        tally.revisions++;
      } else if (type.equals("revision")) {
        tally.known++;
      }
    } catch (InvalidInput
        | TooLarge
        | RemanenceException.Conflict
        | RemanenceException.NotFound e) {
      if (options.strict()) {
        throw new InvalidInput(
            "line " + line.number + ": " + e.getMessage() + "; nothing was imported",
            "line",
            line.number);
      }
      intake.startOver();
      tally.bad.add(new BadLine(line.number, String.valueOf(e.getMessage())));
    }
  }

  private Remembered remember(Ledger ledger, PlainLine line) throws SQLException {
    var scope =
        line.scope() != null ? line.scope() : options.scope() != null ? options.scope() : "global";
    return changes.apply(ledger).remember(Limits.scope(scope), wishes.apply(line.draft()));
  }
}
