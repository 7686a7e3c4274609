package dev.remanence.daemon.client;

import dev.remanence.Caller;
import dev.remanence.Json;
import dev.remanence.OpenOptions;
import dev.remanence.Remanence;
import dev.remanence.Remanence.Progress;
import dev.remanence.RemanenceException;
import dev.remanence.RemanenceException.NotFound;
import dev.remanence.RemanenceException.StoreClosed;
import dev.remanence.Version;
import dev.remanence.Watch;
import dev.remanence.WatchEvent;
import dev.remanence.daemon.protocol.Conversation.Hello;
import dev.remanence.daemon.protocol.Protocol;
import dev.remanence.daemon.wire.Endpoint;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The way of one session to the owner of a store, whoever that is at the time: as many connections
/// as there are calls at once. Where the owner ends, what was not sent, and what only reads, goes
/// to the next owner, which may be this very process: see [Succession].
final class OwnerLink implements Link {
  private static final int CONNECTIONS_MAX = 64;
  private static final int TRIES = 5;

  private final Succession succession;
  private final Caller caller;

  /// Whether the succession ends with this link.
  private final boolean first;

  private final Set<OwnerWatch> watches = ConcurrentHashMap.newKeySet();
  private final Semaphore room = new Semaphore(CONNECTIONS_MAX, true);

  /// Guarded by this link: connections that nobody uses, and all that are open.
  private final Deque<RpcClient> idle = new ArrayDeque<>();

  private final Deque<RpcClient> open = new ArrayDeque<>();
  private @Nullable UUID session;
  private @Nullable Protocol own;
  private @Nullable Remanence ownSession;
  private boolean closed;

  private OwnerLink(Succession succession, Caller caller, boolean first) {
    this.succession = succession;
    this.caller = caller;
    this.first = first;
  }

  /// A link to the owner that serves a store now; null where nobody does.
  static @Nullable OwnerLink attach(Path store, OpenOptions options) {
    var link = new OwnerLink(new Succession(store, options), Caller.of(options.tool()), true);
    var client = Owners.find(store, link.hello());
    if (client == null) {
      return null;
    }
    link.opened(client);
    link.giveBack(client);
    return link;
  }

  private synchronized Hello hello() {
    return new Hello(caller, Version.TEXT, session, null, Endpoint.PROTOCOL, true, null, null);
  }

  @Override
  public Json call(String name, Json.Obj params, Progress progress) {
    var method = Protocol.method(name);
    room.acquireUninterruptibly();
    try {
      for (int tried = 1; ; tried++) {
        try {
          return callOnce(name, params, progress);
        } catch (ConnectionLost lost) {
          boolean again = !lost.wasSent() || (method != null && method.isRepeatable());
          if (isClosed()) {
            throw closed();
          }
          if (!again || tried == TRIES) {
            throw lost.told(name);
          }
        }
      }
    } finally {
      room.release();
    }
  }

  private Json callOnce(String name, Json.Obj params, Progress progress) {
    var client = take();
    if (client == null) {
      return own().dispatch(name, params, progress);
    }
    try {
      return client.call(name, params, progress);
    } finally {
      giveBack(client);
    }
  }

  /// Where a watch is told from: a connection that is for nothing else and that the watch closes,
  /// or this session's view of the store where this process has become its owner.
  record Place(@Nullable RpcClient client, @Nullable Remanence own) {}

  Place place() {
    requireOpen();
    var found = succession.findOrSucceed(this::greet);
    if (found.client() != null) {
      welcomed(found.client());
    } else if (found.own() != null) {
      return new Place(null, succeeded(found.own()));
    }
    return new Place(found.client(), null);
  }

  @Override
  public Watch watch(
      @Nullable String scope,
      boolean recursive,
      @Nullable Long since,
      Consumer<WatchEvent> consumer) {
    var watch = new OwnerWatch(this, scope, recursive, consumer);
    watches.add(watch);
    watch.begin(since);
    if (isClosed()) {
      watch.close();
    }
    return watch;
  }

  void ended(OwnerWatch watch) {
    watches.remove(watch);
  }

  private synchronized Protocol own() {
    if (own == null) {
      throw closed();
    }
    return own;
  }

  /// A connection to the owner, or null where this process has become it.
  private @Nullable RpcClient take() {
    synchronized (this) {
      requireOpen();
      if (own != null) {
        return null;
      }
      while (!idle.isEmpty()) {
        var client = idle.pop();
        if (!client.isBroken()) {
          return client;
        }
        open.remove(client);
      }
    }
    var found = succession.findOrSucceed(this::greet);
    if (found.client() != null) {
      opened(found.client());
    } else if (found.own() != null) {
      succeeded(found.own());
    }
    return found.client();
  }

  /// Connects under the session that is open, if the owner still knows it.
  private @Nullable RpcClient greet() {
    try {
      return Owners.find(succession.store(), hello());
    } catch (NotFound _) {
      synchronized (this) {
        session = null;
      }
      return Owners.find(succession.store(), hello());
    }
  }

  private synchronized void opened(RpcClient client) {
    welcomed(client);
    open.add(client);
    if (closed) {
      client.close();
    }
  }

  private synchronized void welcomed(RpcClient client) {
    var welcome = client.welcome().string("session");
    if (session == null && welcome != null) {
      session = UUID.fromString(welcome);
    }
  }

  private synchronized Remanence succeeded(Remanence store) {
    requireOpen();
    var present = ownSession;
    if (present == null) {
      present = store.session(caller);
      ownSession = present;
      own = new Protocol(present, Protocol.STANDARD_SCOPE);
    }
    return present;
  }

  private synchronized void giveBack(RpcClient client) {
    if (client.isBroken() || closed) {
      open.remove(client);
      client.close();
    } else {
      idle.push(client);
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private synchronized void requireOpen() {
    if (closed) {
      throw closed();
    }
  }

  private StoreClosed closed() {
    return new StoreClosed("the store was closed", "store", succession.store().toString());
  }

  @Override
  public Link session(Caller other) {
    requireOpen();
    caller.grant().requireAll();
    return new OwnerLink(succession, other, false);
  }

  @Override
  public void close() {
    Remanence ending;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      open.forEach(RpcClient::close);
      open.clear();
      idle.clear();
      ending = ownSession;
      own = null;
    }
    watches.forEach(OwnerWatch::close);
    try {
      if (ending != null) {
        ending.close();
      }
    } catch (RemanenceException e) {
      System.getLogger("dev.remanence")
          .log(System.Logger.Level.WARNING, "a session was not ended: " + e.getMessage());
    } finally {
      if (first) {
        succession.close();
      }
    }
  }
}
