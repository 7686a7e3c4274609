package dev.remanence;

import dev.remanence.ImportReport.BadLine;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.TooLarge;
import dev.remanence.journal.Intake;
import dev.remanence.journal.Ledger;
import dev.remanence.journal.SqliteJournal;
import dev.remanence.life.Changes;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
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
  private record Line(long number, Json.@Nullable Obj json, @Nullable String error, int bytes) {}

  ImportReport run(InputStream source) {
    var in = new BufferedInputStream(source, 1 << 16);
    try {
      if (options.strict()) {
        var all = new ArrayList<Line>();
        for (var batch = read(in); !batch.isEmpty(); batch = read(in)) {
          all.addAll(batch);
        }
        take(all);
      } else {
        for (var batch = read(in); !batch.isEmpty(); batch = read(in)) {
          take(batch);
          progress.at(lines, 0);
        }
      }
    } catch (IOException e) {
      throw new RemanenceException.Unavailable(
          "reading the import failed after line " + lines + ": " + e.getMessage(), e);
    }
    return new ImportReport(lines, revisions, memories, known, bad, badLines);
  }

  private List<Line> read(InputStream in) throws IOException {
    var batch = new ArrayList<Line>();
    long bytes = 0;
    while (batch.size() < BATCH_LINES && bytes < BATCH_BYTES) {
      var line = readLine(in);
      if (line == null) {
        break;
      }
      bytes += line.bytes;
      batch.add(line);
    }
    return batch;
  }

  private @Nullable Line readLine(InputStream in) throws IOException {
    while (true) {
      var out = new ByteArrayOutputStream(512);
      int length = 0;
      int b = in.read();
      if (b < 0) {
        return null;
      }
      for (; b >= 0 && b != '\n'; b = in.read()) {
        if (++length <= LINE_BYTES_MAX) {
          out.write(b);
        }
      }
      lines++;
      if (length > LINE_BYTES_MAX) {
        return new Line(lines, null, "a line has at most " + LINE_BYTES_MAX + " bytes", length);
      }
      var bytes = out.toByteArray();
      if (new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).isBlank()) {
        continue;
      }
      return parse(bytes);
    }
  }

  private Line parse(byte[] bytes) {
    try {
      return Json.parse(bytes) instanceof Json.Obj json
          ? new Line(lines, json, null, bytes.length)
          : new Line(lines, null, "a line is a JSON object", bytes.length);
    } catch (InvalidInput | TooLarge e) {
      return new Line(lines, null, e.getMessage(), bytes.length);
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
        throw new InvalidInput(java.util.Objects.requireNonNull(line.error));
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
    return changes.apply(ledger).remember(Limits.scope(scope), wishes.apply(line.draft()), false);
  }
}
