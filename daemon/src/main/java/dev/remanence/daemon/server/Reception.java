package dev.remanence.daemon.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remanence.Json;
import dev.remanence.Remanence;
import dev.remanence.RemanenceException;
import dev.remanence.Status;
import dev.remanence.daemon.access.Tokens;
import dev.remanence.daemon.wire.Endpoint;
import dev.remanence.daemon.wire.PrivateFiles;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What every way in to an owned store shares: the sessions, the turns in which requests are
/// answered, and the account of what was called. Thread-safe.
public final class Reception {
  private static final System.Logger LOG = System.getLogger("dev.remanence");
  private static final int AT_ONCE_MAX = 256;

  private final Remanence store;
  private final Status status;
  private final Sessions sessions;
  private final LiveLog log;
  private final Tokens tokens;
  private final Runnable stop;
  private final Activity activity = new Activity();
  private final Semaphore turns = new Semaphore(AT_ONCE_MAX, true);

  /// @param stop ends the process that owns the store
  Reception(Remanence store, LiveLog log, Tokens tokens, Runnable stop) {
    this.store = store;
    this.status = store.status();
    this.sessions = new Sessions(store);
    this.log = log;
    this.tokens = tokens;
    this.stop = stop;
  }

  /// Who serves, as it was when serving began.
  public Status status() {
    return status;
  }

  public Sessions sessions() {
    return sessions;
  }

  /// The store with every right, for those who look after the owner.
  public Remanence store() {
    return store;
  }

  public Tokens tokens() {
    return tokens;
  }

  public Activity activity() {
    return activity;
  }

  /// Answers when there is room among those that are answered at once.
  public <T extends @Nullable Object> T inTurn(Supplier<T> answer) {
    turns.acquireUninterruptibly();
    try {
      return answer.get();
    } finally {
      turns.release();
    }
  }

  /// How many are being answered.
  int inHand() {
    return AT_ONCE_MAX - turns.availablePermits();
  }

  /// Makes a call and accounts for it.
  ///
  /// @param scope where it goes, as far as it says
  public Json account(
      Sessions.Session session, String method, @Nullable String scope, Supplier<Json> call) {
    long began = System.nanoTime();
    String failure = null;
    try {
      return call.get();
    } catch (RemanenceException e) {
      failure = e.name();
      throw e;
    } catch (RuntimeException | Error e) {
      failure = "Fault";
      throw e;
    } finally {
      long nanos = System.nanoTime() - began;
      session.called();
      activity.called(method, nanos, failure);
      log.tell(
          new LiveLog.Call(
              Instant.now(),
              session.id().toString(),
              session.caller().tool(),
              method,
              // What was erased leaves its name nowhere, here neither.
              method.equals("erase") ? null : scope,
              nanos / 1000,
              failure));
    }
  }

  /// What goes on now.
  public Json.Obj snapshot(int connections) {
    return activity.snapshot(store.status(), connections, inHand(), sessions);
  }

  /// Writes what goes on now where anybody may look without asking.
  synchronized void writeStatus(int connections) {
    try {
      PrivateFiles.write(
          Endpoint.directory(status.store()).resolve("status.json"),
          (snapshot(connections) + "\n").getBytes(UTF_8));
    } catch (IOException | RemanenceException e) {
      LOG.log(System.Logger.Level.WARNING, "the status was not written: " + e.getMessage());
    }
  }

  void stop() {
    stop.run();
  }
}
