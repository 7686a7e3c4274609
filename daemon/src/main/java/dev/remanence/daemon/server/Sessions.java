package dev.remanence.daemon.server;

import dev.remanence.Caller;
import dev.remanence.Remanence;
import dev.remanence.RemanenceException.NotFound;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// The sessions that are open: each with its own view of the store, and as many connections as its
/// caller wants. A session ends with its last connection. Thread-safe.
public final class Sessions {
  private final Remanence store;
  private final Map<UUID, Session> open = new HashMap<>();

  Sessions(Remanence store) {
    this.store = store;
  }

  /// A caller that is there.
  public static final class Session {
    private final UUID id;
    private final Caller caller;
    private final Remanence store;
    private final Instant since;
    private final LongAdder calls = new LongAdder();

    private volatile @Nullable String version;
    private volatile @Nullable Duration skew;

    /// Guarded by the sessions.
    private int connections = 1;

    private Session(UUID id, Caller caller, Remanence store, Instant since) {
      this.id = id;
      this.caller = caller;
      this.store = store;
      this.since = since;
    }

    public UUID id() {
      return id;
    }

    public Caller caller() {
      return caller;
    }

    public Remanence store() {
      return store;
    }

    public Instant since() {
      return since;
    }

    /// What its caller said of itself when it last connected.
    void greeted(@Nullable String saysVersion, @Nullable Instant saysTime) {
      version = saysVersion;
      skew = saysTime == null ? null : Duration.between(Instant.now(), saysTime);
    }

    @Nullable String version() {
      return version;
    }

    /// By how much the caller's clock is ahead of this process's.
    @Nullable Duration skew() {
      return skew;
    }

    void called() {
      calls.increment();
    }

    long calls() {
      return calls.sum();
    }

    int connections() {
      return connections;
    }
  }

  public Session begin(Caller caller) {
    var view = store.session(caller);
    var session =
        new Session(UUID.fromString(view.status().session()), caller, view, Instant.now());
    synchronized (this) {
      open.put(session.id, session);
    }
    return session;
  }

  /// One more connection of a session that is open.
  synchronized Session join(UUID id, Caller caller) {
    var session = open.get(id);
    if (session == null || !session.caller.equals(caller)) {
      throw new NotFound(
          "there is no open session " + id + " of this tool and process; say hello without one",
          "session",
          id.toString());
    }
    session.connections++;
    return session;
  }

  /// A connection has ended.
  public void leave(Session session) {
    synchronized (this) {
      session.connections--;
      if (session.connections > 0) {
        return;
      }
      open.remove(session.id);
    }
    session.store.close();
  }

  public synchronized List<Session> all() {
    return new ArrayList<>(open.values());
  }
}
