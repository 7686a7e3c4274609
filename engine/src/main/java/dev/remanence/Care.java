package dev.remanence;

import dev.remanence.journal.SqliteJournal;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// What an open store does by itself, on one thread of its own: writes the counts of uses, signs the
/// head of the commit chain, and makes the scheduled backups.
final class Care implements AutoCloseable {
  private static final long USES_SECONDS = 20;
  private static final long SIGN_SECONDS = 30;

  private final ScheduledExecutorService thread;

  Care(SqliteJournal journal, Runnable writeUses) {
    thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              var made = new Thread(task, "remanence-care");
              made.setDaemon(true);
              return made;
            });
    thread.scheduleWithFixedDelay(
        () -> quietly(journal::signHeadIfMoved), SIGN_SECONDS, SIGN_SECONDS, TimeUnit.SECONDS);
    thread.scheduleWithFixedDelay(
        () -> quietly(writeUses), USES_SECONDS, USES_SECONDS, TimeUnit.SECONDS);
  }

  /// Runs a task whose failure must not end the ones after it.
  private static void quietly(Runnable task) {
    try {
      task.run();
    } catch (RemanenceException e) {
      System.getLogger("dev.remanence")
          .log(System.Logger.Level.WARNING, "care of the store: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    thread.shutdown();
    boolean interrupted = false;
    try {
      while (!thread.awaitTermination(1, TimeUnit.SECONDS)) {
        Thread.onSpinWait();
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
