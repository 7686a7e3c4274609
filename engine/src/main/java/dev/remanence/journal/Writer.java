package dev.remanence.journal;

import dev.remanence.RemanenceException;
import dev.remanence.RemanenceException.Busy;
import dev.remanence.RemanenceException.StoreClosed;
import dev.remanence.RemanenceException.WriteStopped;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The one thread that writes the journal.
///
/// It takes what waits in the queue, runs each request in a savepoint of one transaction, so that a
/// bad one fails alone, seals the group with a row of the commit chain, commits, which syncs once,
/// marks the commit as acknowledged, and only then answers everyone in the group.
///
/// - No room on the disk: the transaction is rolled back, everyone in it gets `DiskFull`, and the
///   next group tries again.
/// - Any other failure of a write or a sync: nobody knows what is on disk. The first cause is kept,
///   the group and every later request get `WriteStopped`. A sync is never retried.
///
/// Work that runs alone and the store's other files follow the same rule, see [#failure]. So does
/// the move of a long write-ahead log into the database, which comes after the answers.
///
/// Callers block without regard to interrupts: a write that was handed over happens.
public final class Writer implements AutoCloseable {
  private static final int QUEUE_MAX = 4096;
  private static final int GROUP_REQUESTS_MAX = 512;
  private static final int GROUP_BYTES_MAX = 4 << 20;
  private static final long QUEUE_WAIT_SECONDS = 10;

  /// Groups, or bytes, after which the length of the write-ahead log is asked for again.
  private static final int LOG_GROUPS = 16;

  private static final int LOG_BYTES = 1 << 20;

  /// What a request does in the transaction. Whatever it throws rolls back its own part only.
  @FunctionalInterface
  public interface Decision<T> {
    T decide(Ledger ledger) throws SQLException;
  }

  /// Work that needs the writing connection for itself, outside a transaction.
  @FunctionalInterface
  interface Alone<T> {
    T run(Reader connection) throws SQLException, IOException;
  }

  /// Is told, on the writer's thread, that a group is durable and not yet answered.
  interface Listener {
    void committed(Acknowledged.Mark mark, long lastPosition);
  }

  private record Request<T>(
      @Nullable Decision<T> decision,
      @Nullable Alone<T> alone,
      int bytes,
      CompletableFuture<T> answer) {
    /// The last request, which asks for nothing.
    boolean isEnd() {
      return decision == null && alone == null;
    }
  }

  private final Ledger ledger;
  private final Reader connection;
  private final WriteAheadLog log;
  private final Acknowledged acknowledged;
  private final Path directory;
  private final Listener listener;
  private final ArrayBlockingQueue<Request<?>> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
  private final Request<?> end = new Request<>(null, null, 0, new CompletableFuture<>());
  private final Thread thread;
  private volatile boolean closing;

  /// Since the log's length was asked for last.
  private int groupsLogged;

  private int bytesLogged;
  private final AtomicReference<@Nullable Throwable> stoppedBy = new AtomicReference<>();

  Writer(
      Ledger ledger,
      Reader connection,
      WriteAheadLog log,
      Acknowledged acknowledged,
      Path directory,
      Listener listener) {
    this.ledger = ledger;
    this.connection = connection;
    this.log = log;
    this.acknowledged = acknowledged;
    this.directory = directory;
    this.listener = listener;
    this.thread = new Thread(this::run, "remanence-writer");
    thread.setDaemon(true);
    thread.start();
  }

  /// Hands a decision to the writer and waits until its outcome is durable.
  ///
  /// @param bytes about how much it will write
  public <T> T write(int bytes, Decision<T> decision) {
    return write(bytes, decision, () -> {});
  }

  /// The same for a caller that has something else to do while it waits, and does not fail in it.
  public <T> T write(int bytes, Decision<T> decision, Runnable meanwhile) {
    return submit(new Request<>(decision, null, bytes, new CompletableFuture<>()), meanwhile);
  }

  <T> T alone(Alone<T> work) {
    return submit(new Request<>(null, work, GROUP_BYTES_MAX, new CompletableFuture<>()), () -> {});
  }

  private <T> T submit(Request<T> request, Runnable meanwhile) {
    if (closing) {
      throw closed();
    }
    enqueue(request);
    if (closing && !thread.isAlive()) {
      failWaiting();
    }
    meanwhile.run();
    try {
      return request.answer.join();
    } catch (CompletionException e) {
      throw rethrown(e.getCause());
    }
  }

  private void enqueue(Request<?> request) {
    boolean interrupted = false;
    try {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(QUEUE_WAIT_SECONDS);
      while (true) {
        try {
          if (queue.offer(request, deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            break;
          }
          throw new Busy(
              "the write queue is full: "
                  + QUEUE_MAX
                  + " requests wait and none was taken in 10 s; call again later",
              "queue",
              QUEUE_MAX);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// The writer's exception with the caller's stack: both are needed to understand it.
  private static RuntimeException rethrown(@Nullable Throwable cause) {
    if (cause instanceof RemanenceException failure) {
      failure.addSuppressed(new CalledFrom());
      return failure;
    }
    if (cause instanceof RuntimeException failure) {
      return failure;
    }
    if (cause instanceof Error failure) {
      throw failure;
    }
    return new IllegalStateException(cause);
  }

  private static final class CalledFrom extends Exception {
    private static final long serialVersionUID = 1L;

    CalledFrom() {
      super("called from");
    }
  }

  private StoreClosed closed() {
    return new StoreClosed("the store was closed", "store", directory.toString());
  }

  private void run() {
    var group = new ArrayList<Request<?>>();
    for (var first = take(); !first.isEnd(); first = take()) {
      gather(first, group);
      serve(group);
      moveLog(group);
      group.clear();
    }
  }

  private Request<?> take() {
    while (true) {
      try {
        return queue.take();
      } catch (InterruptedException e) {
        // Nothing of ours interrupts this thread; whoever does cannot end it.
      }
    }
  }

  /// Takes what else waits. A request that needs the connection alone ends the group, or is one.
  private void gather(Request<?> first, List<Request<?>> group) {
    group.add(first);
    int bytes = first.bytes;
    while (group.size() < GROUP_REQUESTS_MAX && bytes < GROUP_BYTES_MAX) {
      var next = queue.peek();
      if (next == null || next.decision == null) {
        return;
      }
      queue.remove();
      group.add(next);
      bytes += next.bytes;
    }
  }

  private void serve(List<Request<?>> group) {
    var cause = stoppedBy.get();
    if (cause != null) {
      group.forEach(request -> request.answer.completeExceptionally(stopped(cause)));
      return;
    }
    if (group.getFirst().alone != null) {
      serveAlone(group.getFirst());
      return;
    }
    serveGroup(group);
  }

  private <T> void serveAlone(Request<T> request) {
    try {
      request.answer.complete(Objects.requireNonNull(request.alone).run(connection));
    } catch (SQLException e) {
      if (Sql.isDamage(e) && rollback(e)) {
        request.answer.completeExceptionally(Sql.translate(e, directory));
      } else {
        fail(List.of(request), e);
      }
    } catch (IOException e) {
      request.answer.completeExceptionally(failure(e, directory));
    } catch (RuntimeException | Error e) {
      request.answer.completeExceptionally(e);
    }
  }

  private void serveGroup(List<Request<?>> group) {
    var outcomes = new ArrayList<Runnable>(group.size());
    try {
      connection.prepared("BEGIN IMMEDIATE").execute();
      ledger.beginGroup();
      for (var request : group) {
        outcomes.add(decide(request, group.size() > 1));
      }
      var mark = ledger.groupAppended() ? ledger.seal() : null;
      connection.prepared("COMMIT").execute();
      if (mark != null) {
        listener.committed(mark, ledger.lastPosition());
        acknowledged.write(mark.commit(), mark.hash());
      }
    } catch (SQLException e) {
      fail(group, e);
      return;
    } catch (Ledger.WriteFailure e) {
      fail(group, e.failure());
      return;
    } catch (IOException e) {
      // The group is durable, only the mark is not: answer it, then write no more.
      stop(e);
    } catch (RuntimeException | Error e) {
      rollback(e);
      stop(e);
      group.forEach(request -> request.answer.completeExceptionally(stopped(e)));
      return;
    }
    outcomes.forEach(Runnable::run);
  }

  /// Runs one request and answers how to complete it once the group is durable.
  private <T> Runnable decide(Request<T> request, boolean shared) throws SQLException {
    var decision = Objects.requireNonNull(request.decision);
    if (shared) {
      connection.prepared("SAVEPOINT request").execute();
    }
    ledger.beginRequest();
    try {
      T result = decision.decide(ledger);
      ledger.keepRequest();
      if (shared) {
        connection.prepared("RELEASE request").execute();
      }
      return () -> request.answer.complete(result);
    } catch (Ledger.WriteFailure e) {
      throw e.failure();
    } catch (RuntimeException e) {
      if (shared) {
        connection.prepared("ROLLBACK TO request").execute();
        connection.prepared("RELEASE request").execute();
      } else {
        connection.prepared("ROLLBACK").execute();
        connection.prepared("BEGIN IMMEDIATE").execute();
      }
      ledger.dropRequest();
      return () -> request.answer.completeExceptionally(e);
    }
  }

  /// What was acknowledged stays in the log where this fails, and is read from there.
  private void moveLog(List<Request<?>> group) {
    groupsLogged++;
    for (var request : group) {
      bytesLogged += request.bytes;
    }
    if (stoppedBy.get() != null || (groupsLogged < LOG_GROUPS && bytesLogged < LOG_BYTES)) {
      return;
    }
    groupsLogged = 0;
    bytesLogged = 0;
    try {
      log.moveIfLong();
    } catch (SQLException e) {
      if (leavesAllAsItWas(e)) {
        System.getLogger("dev.remanence")
            .log(
                System.Logger.Level.WARNING,
                "journal.db-wal in " + directory + " grows, as it cannot be moved: " + e);
      } else {
        stop(e);
      }
    } catch (RuntimeException | Error e) {
      stop(e);
    }
  }

  /// Whether a statement that failed so may be tried again, once there is room or permission.
  private static boolean leavesAllAsItWas(SQLException failure) {
    return Sql.isFull(failure) || Sql.isRefusal(failure);
  }

  /// Ends a group whose transaction failed: with room to try again where the disk is full, for good
  /// otherwise.
  private void fail(List<Request<?>> group, SQLException failure) {
    boolean rolledBack = rollback(failure);
    if (!rolledBack || !leavesAllAsItWas(failure)) {
      stop(failure);
    }
    var cause = stoppedBy.get();
    for (var request : group) {
      request.answer.completeExceptionally(
          cause == null ? Sql.translate(failure, directory) : stopped(cause));
    }
  }

  private boolean rollback(Throwable failure) {
    ledger.dropGroup();
    try {
      if (!connection.connection().isClosed()) {
        connection.rollbackIfOpen();
      }
      return true;
    } catch (SQLException e) {
      failure.addSuppressed(e);
      return false;
    }
  }

  private void stop(Throwable cause) {
    stoppedBy.compareAndSet(null, cause);
  }

  /// Our error for a failed write to one of the store's files beside SQLite's. Ends writing, unless
  /// the failure left everything as it was. May be called on any thread.
  RemanenceException failure(IOException failure, Path file) {
    if (Disk.isRefusal(failure)) {
      return Disk.translate(failure, file);
    }
    stop(failure);
    return stopped(Objects.requireNonNull(stoppedBy.get()));
  }

  /// As [#failure] of a file, for a statement on the writing connection after this thread has
  /// ended.
  RemanenceException failure(SQLException failure) {
    if (leavesAllAsItWas(failure)) {
      return Sql.translate(failure, directory);
    }
    stop(failure);
    return stopped(Objects.requireNonNull(stoppedBy.get()));
  }

  private WriteStopped stopped(Throwable cause) {
    return new WriteStopped(
        "a write to "
            + directory
            + " failed ("
            + cause.getMessage()
            + ") and nobody knows what reached the disk, so this process writes no more; reads go"
            + " on; check the disk, then open the store again",
        cause,
        "store",
        directory.toString());
  }

  /// Why writing has stopped, or null.
  public @Nullable Throwable stoppedBy() {
    return stoppedBy.get();
  }

  private void failWaiting() {
    for (var request = queue.poll(); request != null; request = queue.poll()) {
      request.answer.completeExceptionally(closed());
    }
  }

  /// Serves what waits, then ends. Must not be called on the writer's thread.
  @Override
  public void close() {
    closing = true;
    enqueue(end);
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    failWaiting();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
