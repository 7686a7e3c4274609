package dev.remanence.embed;

import dev.remanence.RemanenceException.StoreClosed;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;

/// Who may compute now: a fixed number of calls at once, on threads of their own, so that a virtual
/// thread which waits for a vector holds no carrier.
///
/// A passage takes two turns, first among the passages, then among all. So never more passages than
/// threads stand in the common line, and a question waits for a few calls at most, however many
/// thousand passages a bulk import has brought.
final class Turns implements AutoCloseable {
  private final int width;
  private final Semaphore passages;
  private final Semaphore all;
  private final ExecutorService threads;

  /// Written while all turns are held, read while one is.
  private volatile boolean closed;

  Turns(int width) {
    this.width = width;
    passages = new Semaphore(width, true);
    all = new Semaphore(width, true);
    threads = Executors.newFixedThreadPool(width, named());
  }

  private static ThreadFactory named() {
    return Thread.ofPlatform().daemon().name("remanence-embed-", 1).factory();
  }

  int width() {
    return width;
  }

  /// Calls in the common line, roughly.
  int waiting() {
    return all.getQueueLength();
  }

  <T> T question(Callable<T> call) {
    all.acquireUninterruptibly();
    try {
      if (closed) {
        throw closed();
      }
      return await(threads.submit(call));
    } finally {
      all.release();
    }
  }

  <T> T passage(Callable<T> call) {
    passages.acquireUninterruptibly();
    try {
      return question(call);
    } finally {
      passages.release();
    }
  }

  /// Waits out an interrupt: a call under way cannot be taken back and lasts a fraction of a
  /// second.
  static <T> T await(Future<T> result) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return result.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          throw rethrown(e);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static RuntimeException rethrown(ExecutionException failure) {
    return switch (failure.getCause()) {
      case RuntimeException e -> e;
      case Error e -> throw e;
      case null, default -> new IllegalStateException(failure);
    };
  }

  static StoreClosed closed() {
    return new StoreClosed("the embedder was closed");
  }

  /// Runs the last call when no other is under way, then ends the threads.
  void close(Runnable last) {
    all.acquireUninterruptibly(width);
    try {
      if (!closed) {
        closed = true;
        threads.shutdown();
        last.run();
      }
    } finally {
      all.release(width);
    }
  }

  @Override
  public void close() {
    close(() -> {});
  }
}
