package dev.remanence;

import dev.remanence.Remanence.Progress;
import dev.remanence.image.Images;
import dev.remanence.journal.Backup;
import dev.remanence.journal.SideTable;
import dev.remanence.journal.SqliteJournal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What an open store does by itself, on one thread of its own: writes the counts of uses and
/// snapshots of images, signs the head of the commit chain, and makes the scheduled backups.
final class Care implements AutoCloseable {
  private static final long USES_SECONDS = 20;
  private static final long SIGN_SECONDS = 30;
  private static final long TRAIN_SECONDS = 60;
  private static final long IMAGES_SECONDS = 15;
  private static final String SCHEDULE = "backup.schedule";

  private final SqliteJournal journal;
  private final InstantSource wall;
  private final ScheduledExecutorService thread;
  private final List<ScheduledFuture<?>> tasks = new ArrayList<>();
  private @Nullable ScheduledFuture<?> backups;

  Care(SqliteJournal journal, Images images, InstantSource wall, Runnable writeUses) {
    this.journal = journal;
    this.wall = wall;
    thread =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              var made = new Thread(task, "remanence-care");
              made.setDaemon(true);
              return made;
            },
            new ThreadPoolExecutor.DiscardPolicy());
    resume();
    every(SIGN_SECONDS, journal::signHeadIfMoved);
    every(USES_SECONDS, writeUses);
    every(TRAIN_SECONDS, journal::trainDictionary);
    every(IMAGES_SECONDS, images::writeGrown);
    images.workBy(thread);
  }

  private void every(long seconds, Runnable task) {
    tasks.add(
        thread.scheduleWithFixedDelay(() -> quietly(task), seconds, seconds, TimeUnit.SECONDS));
  }

  /// Keeps a schedule of backups in the store and follows it from now on; null ends it.
  void schedule(@Nullable BackupSchedule schedule) {
    journal.write(
        256,
        ledger -> {
          ledger.setMeta(SCHEDULE, schedule == null ? null : encode(schedule).toString());
          return SCHEDULE;
        });
    follow(schedule);
  }

  /// Follows the schedule that the store keeps.
  private void resume() {
    var kept = journal.read(reader -> reader.meta(SCHEDULE));
    if (kept != null && Json.parse(kept) instanceof Json.Obj json) {
      follow(decode(json));
    }
  }

  private synchronized void follow(@Nullable BackupSchedule schedule) {
    if (backups != null) {
      backups.cancel(false);
      backups = null;
    }
    if (schedule != null) {
      long interval = schedule.interval().toMillis();
      backups =
          thread.scheduleWithFixedDelay(
              () ->
                  quietly(() ->
                      Backup.write(
                          journal, schedule.directory(), schedule.retention(), Progress.NONE)),
              untilNext(interval),
              interval,
              TimeUnit.MILLISECONDS);
    }
  }

  /// A store that is opened and closed often still backs up once an interval.
  private long untilNext(long intervalMillis) {
    var made = journal.read(reader -> SideTable.BACKUP.rows(reader, "at"));
    if (made.isEmpty()) {
      return 0;
    }
    long age = wall.millis() - made.getLast().number(1);
    return Math.max(0, intervalMillis - age);
  }

  private static Json.Obj encode(BackupSchedule schedule) {
    var json =
        Json.object()
            .put("directory", schedule.directory().toAbsolutePath().toString())
            .put("interval", schedule.interval().toString());
    if (schedule.retention().age() != null) {
      json.put("age", schedule.retention().age().toString());
    }
    if (schedule.retention().count() != null) {
      json.put("count", schedule.retention().count().longValue());
    }
    return json.build();
  }

  private static BackupSchedule decode(Json.Obj json) {
    var age = json.string("age");
    var count = json.number("count");
    return new BackupSchedule(
        Path.of(Objects.requireNonNull(json.string("directory"))),
        Duration.parse(Objects.requireNonNull(json.string("interval"))),
        new Retention(
            age == null ? null : Duration.parse(age),
            count == null ? null : (int) count.longValue()));
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
