package dev.remanence;

import dev.remanence.Remanence.Progress;
import dev.remanence.embed.Embedders;
import dev.remanence.journal.Backup;
import dev.remanence.journal.Disk;
import dev.remanence.journal.Doctor;
import dev.remanence.journal.ReceiptCheck;
import dev.remanence.journal.Relocation;
import dev.remanence.journal.Repair;
import dev.remanence.journal.StorePlace;
import dev.remanence.journal.Verifier;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Care for stores that are not open, damaged ones included, and for backups.
public final class StoreCare {
  private StoreCare() {}

  /// Refuses a directory that holds no store and, where one may be made, is no place for one.
  public static void requirePlace(Path directory, boolean create) {
    try {
      StorePlace.require(directory.toAbsolutePath().normalize(), create);
    } catch (IOException e) {
      throw Disk.translate(e, directory);
    }
  }

  public static Verification verify(Path store, boolean deep, @Nullable Path anchor) {
    return verify(store, deep, anchor, Progress.NONE);
  }

  /// Checks a store directory or a backup file without changing it.
  public static Verification verify(
      Path store, boolean deep, @Nullable Path anchor, Progress progress) {
    return Backup.isBackup(store)
        ? Verifier.verifyBackup(store, deep, anchor, progress)
        : Verifier.verifyStore(store.toAbsolutePath().normalize(), deep, anchor, progress);
  }

  public static RepairReport repair(Path store) {
    return repair(store, Progress.NONE);
  }

  /// Rebuilds everything derived. Where the journal itself is damaged, salvages every readable
  /// revision into a new store at the same place, keeps the damaged files beside it, and lists what
  /// was lost.
  public static RepairReport repair(Path store, Progress progress) {
    return Repair.repair(store, progress);
  }

  public static RestoreReport restore(Path backup, Path into, @Nullable Instant until) {
    return restore(backup, into, until, Progress.NONE);
  }

  /// Makes a new store at `into` from a backup file, or from the newest one in a directory of
  /// backups; with `until`, only what was recorded up to that moment.
  public static RestoreReport restore(
      Path backup, Path into, @Nullable Instant until, Progress progress) {
    return Restoring.restore(backup, into, until, progress);
  }

  /// Moves a store to another directory, across file systems if need be; the old place is emptied
  /// only when the new one has been verified.
  public static void move(Path from, Path to) {
    Relocation.move(from, to);
  }

  /// Looks for what may be wrong around a store and explains each finding.
  public static List<Finding> doctor(Path store) {
    return doctor(store, OpenOptions.DEFAULT.embedder());
  }

  static List<Finding> doctor(Path store, String embedder) {
    var findings = new ArrayList<>(Doctor.examine(store));
    findings.add(meaning(embedder));
    return findings;
  }

  /// Whether what finds by meaning can be used by this process: it is, once.
  private static Finding meaning(String setting) {
    try (var embedder = Embedders.open(setting, null, RandomGenerator.getDefault())) {
      if (embedder == null) {
        return new Finding(Severity.OK, "memories are found by words alone, as asked for", "");
      }
      embedder.embedQuery("tea");
      return embedder.wanted().equals(embedder.model())
          ? new Finding(Severity.OK, "meaning is found by " + embedder.model(), "")
          : new Finding(
              Severity.WARNING,
              "the model "
                  + embedder.wanted()
                  + " cannot be loaded: meaning is found by "
                  + embedder.model()
                  + ", which is weaker",
              "the program's log says why; set REMANENCE_EMBEDDER to static if it is meant so");
    } catch (RemanenceException e) {
      return new Finding(
          Severity.PROBLEM,
          "the embedder " + setting + " cannot be used: " + e.getMessage(),
          "set REMANENCE_EMBEDDER to one that can, or start its server; until then memories are"
              + " found by words alone");
    }
  }

  /// Checks an erasure receipt against a store: the signature, the revisions, and that the content
  /// is gone.
  public static Verification verifyReceipt(Path store, Path receipt) {
    return ReceiptCheck.verify(store, receipt);
  }

  /// What `repair` did. `kept` is where the damaged files lie; `lost` names what could not be read.
  public record RepairReport(
      boolean salvaged, long revisions, List<String> lost, @Nullable Path kept) {}

  /// What `restore` did.
  public record RestoreReport(
      Path store, long revisions, @Nullable Instant until, long erasedAgain) {}

  /// One observation of `doctor`.
  public record Finding(Severity severity, String what, String advice) {}

  public enum Severity {
    OK,
    WARNING,
    PROBLEM
  }
}
