package dev.remanence.daemon.protocol;

import static dev.remanence.daemon.protocol.Method.Group.CARE;
import static dev.remanence.daemon.protocol.Parameter.optional;
import static dev.remanence.daemon.protocol.Parameter.required;
import static dev.remanence.daemon.protocol.Parameter.standard;

import dev.remanence.BackupSchedule;
import dev.remanence.ImportOptions;
import dev.remanence.Json;
import dev.remanence.Limits;
import dev.remanence.OpenOptions;
import dev.remanence.Remanence;
import dev.remanence.Remanence.Progress;
import dev.remanence.RemanenceException.DiskFull;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.NotFound;
import dev.remanence.RemanenceException.Unavailable;
import dev.remanence.Retention;
import dev.remanence.StoreCare;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The methods about the store as a whole: its soundness, its copies, its numbers. Paths are of the
/// machine that holds the store, and only a local caller may send them.
final class CareMethods {
  private static final Parameter DIRECTORY_OF_BACKUPS =
      standard("to", Type.PATH, "STORE-backups", "the directory that holds the backups");

  private CareMethods() {}

  static List<Method> methods() {
    return List.of(
        new Method(
            "verify",
            CARE,
            "Checks that every byte is what was written, and tells what is not.",
            List.of(
                optional("deep", Type.BOOLEAN, "recompute every hash of content as well"),
                optional("anchor", Type.PATH, "against this saved head, to notice a rollback"),
                optional("saveAnchor", Type.PATH, "when sound, save the newest head to this file"),
                optional("receipt", Type.PATH, "check an erasure receipt instead")),
            "{sound, deep, revisions, commits, memories, erased, problems[{where, what, derived}],"
                + " losses[]}",
            CareMethods::verifyOpen,
            CareMethods::verifyClosed),
        Method.of(
            "saveAnchor",
            CARE,
            "Saves the newest signed head to a file outside, to verify against a rollback.",
            List.of(required("to", Type.PATH, "the file, which is written anew")),
            "{to}",
            CareMethods::saveAnchor),
        new Method(
            "repair",
            CARE,
            "Rebuilds what is derived and salvages what can be read; keeps the damaged files.",
            List.of(),
            "{salvaged, revisions, lost[], kept?}",
            null,
            (directory, _, progress) -> Answers.repair(StoreCare.repair(directory, progress))),
        Method.of(
            "backup",
            CARE,
            "Writes a consistent copy while work goes on; or sets when the store does so itself.",
            List.of(
                DIRECTORY_OF_BACKUPS,
                optional("keep", Type.DURATION, "remove backups older than this"),
                optional("count", Type.INTEGER, "keep at most so many backups"),
                optional(
                    "every",
                    Type.TEXT,
                    "a duration: back up at this interval from now on; `off`: no more")),
            "{file, bytes, revisions, at, removed[]}, or {every, to?} where a schedule was set",
            CareMethods::backup),
        new Method(
            "restore",
            CARE,
            "Makes a new store from a backup, as of its end or of an earlier moment.",
            List.of(
                standard(
                    "from", Type.PATH, "STORE-backups", "a backup, or a directory for its newest"),
                optional("until", Type.TIME, "only what was recorded up to this moment")),
            "{store, revisions, until?, erasedAgain}",
            null,
            CareMethods::restore),
        Method.of(
            "compact",
            CARE,
            "Gives free space back to the disk.",
            List.of(),
            "{bytesBefore, bytesAfter, bytesWon, recompressed}",
            (store, _, _) -> Answers.compaction(store.compact())),
        Method.of(
            "embed",
            CARE,
            "Computes the vectors that are missing - of what was deferred, imported, or embedded by"
                + " another model - and waits for it.",
            List.of(),
            "{embedded}",
            (store, _, progress) ->
                new Shape().put("embedded", store.embedMissing(progress)).build()),
        new Method(
            "move",
            CARE,
            "Moves the store to another directory.",
            List.of(required("to", Type.PATH, "the new place, which is not there yet")),
            "{store}",
            null,
            CareMethods::move),
        Method.of(
            "export",
            CARE,
            "Writes every revision to a file, one JSON object a line.",
            List.of(required("file", Type.PATH, "the file, which is written anew")),
            "{lines}",
            CareMethods::exportTo),
        Method.of(
            "import",
            CARE,
            "Takes in an export, or plain memories, one JSON object a line.",
            List.of(
                required("file", Type.PATH, "the file"),
                optional("strict", Type.BOOLEAN, "stop at the first bad line and take nothing in"),
                standard("scope", Type.SCOPE, "global", "for plain memories without a scope"),
                optional("defer", Type.BOOLEAN, "do not wait for the vectors: see `embed`")),
            "{lines, revisions, memories, known, bad, badLines[{line, reason}], embedded}",
            CareMethods::importFrom),
        Method.of(
            "stats",
            CARE,
            "Answers the store's numbers.",
            List.of(),
            "{memories, forgotten, erased, revisions, scopes, commits, kinds{}, journalBytes,"
                + " walBytes, contentBytes, storedBytes, freeBytes, vectors{},"
                + " vectorsWaiting, vectorsRefused}",
            (store, _, _) -> Answers.stats(store.stats())),
        Method.of(
            "status",
            CARE,
            "Answers who serves the store.",
            List.of(),
            "{pid, version, uptimeSeconds, session, store, role, writing}",
            (store, _, _) -> Answers.status(store.status())),
        new Method(
            "log",
            CARE,
            "Answers the calls of a session, or of all: who, what, where, how long, and how it ended;"
                + " the newest ones, oldest first.",
            List.of(
                optional("session", Type.ID, "of this session"),
                optional("tool", Type.TEXT, "of this tool"),
                optional("since", Type.TIME, "from this moment on"),
                optional("until", Type.TIME, "before this moment"),
                standard("limit", Type.INTEGER, "100", "at most so many")),
            "{calls[{time, session, tool, method, scope?, ms, outcome}], truncated}",
            (store, params, _) -> log(store.status().store(), params),
            (directory, params, _) -> log(directory, params)),
        new Method(
            "doctor",
            CARE,
            "Looks for what may be wrong around the store and explains each finding.",
            List.of(),
            "{findings[{severity: ok | warning | problem, what, advice}]}",
            (store, _, _) -> doctor(store.status().store()),
            (directory, _, _) -> doctor(directory)));
  }

  /// Where backups of a store lie unless told: beside it, never in it.
  static Path backupsOf(Path store) {
    var absolute = store.toAbsolutePath().normalize();
    return absolute.resolveSibling(absolute.getFileName() + "-backups");
  }

  private static Json doctor(Path directory) {
    var findings = new ArrayList<>(StoreCare.doctor(directory));
    findings.addAll(Surroundings.examine(directory));
    return Answers.findings(findings);
  }

  private static Json log(Path directory, Params params) {
    var limit = params.optionalInteger("limit");
    return CallLog.read(
        directory,
        new CallLog.Wanted(
            params.optionalId("session"),
            params.optionalText("tool"),
            params.optionalTime("since"),
            params.optionalTime("until")),
        limit == null ? 100 : Limits.count("limit", limit, 1, Limits.PAGE_MAX));
  }

  private static Json verifyOpen(Remanence store, Params params, Progress progress) {
    var anchor = params.optionalPath("anchor");
    var saveAnchor = params.optionalPath("saveAnchor");
    var receipt = params.optionalPath("receipt");
    if (receipt != null) {
      requireAlone(params, receipt);
      return Answers.verification(StoreCare.verifyReceipt(store.status().store(), receipt));
    }
    var verification = store.verify(params.flag("deep"), anchor, progress);
    if (saveAnchor != null && verification.sound()) {
      store.saveAnchor(saveAnchor);
    }
    return Answers.verification(verification);
  }

  private static Json verifyClosed(Path directory, Params params, Progress progress) {
    var anchor = params.optionalPath("anchor");
    var saveAnchor = params.optionalPath("saveAnchor");
    var receipt = params.optionalPath("receipt");
    if (receipt != null) {
      requireAlone(params, receipt);
      return Answers.verification(StoreCare.verifyReceipt(directory, receipt));
    }
    var verification = StoreCare.verify(directory, params.flag("deep"), anchor, progress);
    if (saveAnchor != null && verification.sound()) {
      try (var store = Remanence.open(directory, OpenOptions.DEFAULT.create(false))) {
        store.saveAnchor(saveAnchor);
      }
    }
    return Answers.verification(verification);
  }

  private static Json saveAnchor(Remanence store, Params params, Progress progress) {
    var to = params.path("to");
    store.saveAnchor(to);
    return new Shape().put("to", to).build();
  }

  /// A receipt is checked by itself.
  private static void requireAlone(Params params, Path receipt) {
    if (params.has("anchor") || params.has("saveAnchor") || params.flag("deep")) {
      throw new InvalidInput(
          "receipt is checked alone; found deep, anchor or saveAnchor beside it",
          "field",
          "receipt",
          "found",
          receipt.toString());
    }
  }

  private static Json backup(Remanence store, Params params, Progress progress) {
    var to = params.optionalPath("to");
    var directory = to == null ? backupsOf(store.status().store()) : to;
    var retention = new Retention(params.optionalDuration("keep"), params.optionalInteger("count"));
    var every = params.optionalText("every");
    if (every == null) {
      return Answers.backup(store.backup(directory, retention, progress));
    }
    var schedule = schedule(every, directory, retention);
    store.scheduleBackups(schedule);
    return new Shape()
        .put("every", schedule == null ? "off" : Times.format(schedule.interval()))
        .put("to", schedule == null ? null : schedule.directory())
        .build();
  }

  private static @Nullable BackupSchedule schedule(
      String every, Path directory, Retention retention) {
    return every.equals("off")
        ? null
        : new BackupSchedule(directory, Times.duration("every", every), retention);
  }

  private static Json restore(Path directory, Params params, Progress progress) {
    var from = params.optionalPath("from");
    return Answers.restore(
        StoreCare.restore(
            from == null ? backupsOf(directory) : from,
            directory,
            params.optionalTime("until"),
            progress));
  }

  private static Json move(Path directory, Params params, Progress progress) {
    var to = params.path("to");
    StoreCare.move(directory, to);
    return new Shape().put("store", to).build();
  }

  /// Writes beside the file and renames, so that a failure leaves what was there.
  private static Json exportTo(Remanence store, Params params, Progress progress) {
    var file = params.path("file");
    boolean special = Files.exists(file) && !Files.isRegularFile(file);
    var written = special ? file : file.resolveSibling(file.getFileName() + ".part");
    try {
      long lines;
      try (var out = new BufferedOutputStream(Files.newOutputStream(written))) {
        lines = store.exportTo(out, progress);
      } catch (IOException | RuntimeException failure) {
        if (!special) {
          Files.deleteIfExists(written);
        }
        throw failure;
      }
      if (!special) {
        Files.move(written, file, StandardCopyOption.REPLACE_EXISTING);
      }
      return new Shape().put("lines", lines).build();
    } catch (IOException failure) {
      throw unusable("write", file, failure);
    }
  }

  private static Json importFrom(Remanence store, Params params, Progress progress) {
    var file = params.path("file");
    try (var in = new BufferedInputStream(Files.newInputStream(file))) {
      return importFrom(store, in, params, progress);
    } catch (IOException failure) {
      throw unusable("read", file, failure);
    }
  }

  static Json importFrom(Remanence store, InputStream in, Params params, Progress progress) {
    var options = new ImportOptions(params.flag("strict"), params.scope());
    var report = store.importFrom(in, options, progress);
    return Answers.importReport(report, params.flag("defer") ? 0 : store.embedMissing(progress));
  }

  static RuntimeException unusable(String deed, Path file, IOException failure) {
    if (failure instanceof NoSuchFileException) {
      return new NotFound(
          "cannot " + deed + " " + file + ": no such file", "file", file.toString());
    }
    var reason = String.valueOf(failure.getMessage());
    return reason.contains("No space left")
        ? new DiskFull("cannot " + deed + " " + file + ": the disk is full", failure)
        : new Unavailable(
            "cannot " + deed + " " + file + ": " + reason, failure, "file", file.toString());
  }
}
