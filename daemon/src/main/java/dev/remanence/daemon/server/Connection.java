package dev.remanence.daemon.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remanence.Caller;
import dev.remanence.Grant;
import dev.remanence.Json;
import dev.remanence.Remanence.Progress;
import dev.remanence.RemanenceException;
import dev.remanence.RemanenceException.Busy;
import dev.remanence.RemanenceException.Conflict;
import dev.remanence.RemanenceException.Forbidden;
import dev.remanence.RemanenceException.Unavailable;
import dev.remanence.Verb;
import dev.remanence.Watch;
import dev.remanence.WatchEvent;
import dev.remanence.daemon.access.Token;
import dev.remanence.daemon.protocol.Calls;
import dev.remanence.daemon.protocol.Conversation;
import dev.remanence.daemon.protocol.Events;
import dev.remanence.daemon.protocol.Method;
import dev.remanence.daemon.protocol.Protocol;
import dev.remanence.daemon.protocol.RpcLine;
import dev.remanence.daemon.wire.Endpoint;
import dev.remanence.daemon.wire.LineReader;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One caller's connection: its requests are answered one after the other, on a virtual thread of
/// its own. [SocketServer] watches the times that it notes and closes it when one is overdue.
final class Connection implements Runnable, Calls, Conversation {
  private static final System.Logger LOG = System.getLogger("dev.remanence");
  private static final int OUT_BYTES = 1 << 16;
  private static final String NOBODY = "socket";
  private static final Duration SKEW_NOTED = Duration.ofSeconds(1);

  private final SocketServer server;
  private final SocketChannel channel;
  private final LineReader reader;
  private final OutputStream out;
  private final RpcLine rpc;

  /// Held while something is written: answers, and what is told between them.
  private final ReentrantLock writing = new ReentrantLock();

  private Sessions.@Nullable Session session;
  private @Nullable Protocol protocol;
  private @Nullable Watch watch;
  private String scope = Protocol.STANDARD_SCOPE;
  private boolean tellsProgress;
  private boolean admitted;
  private boolean leaving;

  /// When what is going on began, in nanoseconds, or 0.
  private volatile long lineSince;

  private volatile long writingSince;

  /// Guarded by this connection.
  private boolean answering;

  private boolean ending;

  Connection(SocketServer server, SocketChannel channel) {
    this.server = server;
    this.channel = channel;
    this.admitted = server.endpoint().token() == null;
    this.reader =
        new LineReader(
            Channels.newInputStream(channel),
            RpcLine.LINE_BYTES_MAX,
            server.lines(),
            this::lineBegun);
    this.out = new BufferedOutputStream(Channels.newOutputStream(channel), OUT_BYTES);
    this.rpc = new RpcLine(this, this::tell);
  }

  private void lineBegun() {
    if (lineSince == 0) {
      lineSince = now();
    }
  }

  /// Never 0.
  private static long now() {
    return System.nanoTime() | 1;
  }

  /// Whether the caller has been sending a line, or taking an answer, for longer than this.
  boolean isOverdue(long nanos) {
    long line = lineSince;
    long write = writingSince;
    long now = now();
    return (line != 0 && now - line > nanos) || (write != 0 && now - write > nanos);
  }

  @Override
  public void run() {
    try (channel) {
      serve();
    } catch (IOException _) {
      // The caller went away, or was sent away.
    } catch (RemanenceException e) {
      LOG.log(System.Logger.Level.WARNING, "a connection was ended: " + e.getMessage());
    } finally {
      reader.letGo();
      leave();
      server.ended(this);
    }
  }

  private void serve() throws IOException {
    while (!leaving) {
      byte[] line;
      try {
        line = reader.next();
      } catch (Busy e) {
        send(RpcLine.refusal(e), true);
        return;
      }
      lineSince = 0;
      if (line == null || !beginAnswer()) {
        return;
      }
      try {
        var answer = answer(line);
        if (answer != null) {
          send(answer, !reader.hasMore() || leaving);
        } else if (!reader.hasMore()) {
          flush();
        }
      } finally {
        if (!endAnswer()) {
          leaving = true;
        }
      }
    }
  }

  private @Nullable String answer(byte[] line) {
    if (reader.isTooLong()) {
      return RpcLine.tooLong();
    }
    for (byte b : line) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return server.reception().inTurn(() -> rpc.answer(line));
      }
    }
    return null;
  }

  private synchronized boolean beginAnswer() {
    answering = !ending;
    return answering;
  }

  private synchronized boolean endAnswer() {
    answering = false;
    return !ending;
  }

  /// Ends the connection, after the answer that is in hand.
  void end() {
    synchronized (this) {
      ending = true;
      if (answering) {
        return;
      }
    }
    close();
  }

  /// Ends the connection now.
  void close() {
    try {
      channel.close();
    } catch (IOException _) {
      // It is gone, which is what was wanted.
    }
  }

  private void tell(Json.Obj notification) {
    if (tellsProgress) {
      try {
        send(notification.toString(), true);
      } catch (IOException _) {
        // The answer will find it out.
      }
    }
  }

  private void send(String text, boolean last) throws IOException {
    writing.lock();
    try {
      writingSince = now();
      out.write(text.getBytes(UTF_8));
      out.write('\n');
      if (last) {
        out.flush();
      }
    } finally {
      writingSince = 0;
      writing.unlock();
    }
  }

  private void flush() throws IOException {
    writing.lock();
    try {
      writingSince = now();
      out.flush();
    } finally {
      writingSince = 0;
      writing.unlock();
    }
  }

  // Calls

  @Override
  public Json dispatch(String name, Json.Obj params, Progress progress) {
    var method = Objects.requireNonNull(Protocol.method(name));
    if (!admitted && !name.equals("hello")) {
      throw new Forbidden("the first request here is a hello with the token of run/endpoint");
    }
    if (session == null && !name.equals("hello")) {
      begin(
          server.reception().sessions().begin(new Caller(NOBODY, 0, Grant.ALL)),
          Protocol.STANDARD_SCOPE);
    }
    var caller = session;
    if (caller == null) {
      return Protocol.dispatch(this, method, params);
    }
    requireCare(caller.caller(), method);
    var named = params.string("scope");
    return server
        .reception()
        .account(
            caller,
            name,
            named == null ? scope : named,
            () ->
                method.isOfConnection()
                    ? Protocol.dispatch(this, method, params)
                    : Objects.requireNonNull(protocol).dispatch(name, params, progress));
  }

  /// Refuses who is held to less what concerns the owner as a whole.
  private static void requireCare(Caller caller, Method method) {
    var grant = caller.grant();
    boolean cares = grant.isForAllScopes() && grant.verbs().contains(Verb.ADMIN);
    if (method.isOfConnection() && method.verb() == Verb.ADMIN && !cares) {
      throw new Forbidden(
          method.name() + " concerns the whole store: it wants admin on **",
          "method",
          method.name());
    }
  }

  // The conversation

  @Override
  public Json.Obj hello(Hello hello) {
    if (!server.endpoint().admits(hello.token())) {
      leaving = true;
      throw new Forbidden("this is not the token of run/endpoint");
    }
    if (hello.protocol() != Endpoint.PROTOCOL) {
      leaving = true;
      throw new Unavailable(
          "the owner of the store speaks protocol "
              + Endpoint.PROTOCOL
              + " (version "
              + server.reception().status().version()
              + "), the caller "
              + hello.protocol()
              + "; use the same version on both sides: end the owner with remanence stop",
          null,
          "protocol",
          Endpoint.PROTOCOL,
          "found",
          hello.protocol());
    }
    admitted = true;
    leave();
    var caller = hello.caller();
    var joined =
        hello.session() == null
            ? server.reception().sessions().begin(caller)
            : server.reception().sessions().join(hello.session(), caller);
    joined.greeted(hello.version(), hello.time());
    begin(joined, hello.scope() == null ? Protocol.STANDARD_SCOPE : hello.scope());
    tellsProgress = hello.progress();
    var status = server.reception().status();
    if (!status.version().equals(hello.version()) || isOff(joined.skew())) {
      // Whoever looks for the reason of odd things finds it at once.
      server.reception().writeStatus(server.connections());
    }
    return Json.object()
        .put("session", joined.id().toString())
        .put("version", status.version())
        .put("protocol", Endpoint.PROTOCOL)
        .put("pid", status.pid())
        .put("store", status.store().toString())
        .build();
  }

  private static boolean isOff(@Nullable Duration skew) {
    return skew != null && skew.abs().compareTo(SKEW_NOTED) > 0;
  }

  private void begin(Sessions.Session begun, String standard) {
    protocol = new Protocol(begun.store(), standard);
    session = begun;
    scope = standard;
  }

  private void leave() {
    unwatch();
    var left = session;
    session = null;
    protocol = null;
    if (left != null) {
      try {
        server.reception().sessions().leave(left);
      } catch (RemanenceException e) {
        LOG.log(System.Logger.Level.WARNING, "a session was not ended: " + e.getMessage());
      }
    }
  }

  @Override
  public void goodbye() {
    leaving = true;
  }

  @Override
  public Json.Obj activity() {
    return server.reception().snapshot(server.connections());
  }

  @Override
  public Json.Obj createToken(Admission admission) {
    var grant = new Grant(Token.verbs(admission.verbs()), admission.scopes());
    var created = server.reception().tokens().create(admission.tool(), grant, admission.expires());
    var told = Json.object();
    created.token().told().fields().forEach(told::put);
    return told.put("secret", created.secret()).build();
  }

  @Override
  public List<Json> tokens() {
    return server.reception().tokens().all().stream().<Json>map(Token::told).toList();
  }

  @Override
  public void revokeToken(String id) {
    server.reception().tokens().revoke(id);
  }

  @Override
  public Json.Obj watch(@Nullable String scope, boolean recursive, @Nullable Long since) {
    if (watch != null && watch.isOpen()) {
      throw new Conflict("this connection has a watch; unwatch ends it");
    }
    watch = Objects.requireNonNull(session).store().watch(scope, recursive, since, this::tell);
    return Json.object().put("position", watch.position()).build();
  }

  private void tell(WatchEvent event) {
    try {
      send(RpcLine.notification("watch", Events.of(event)).toString(), true);
    } catch (IOException _) {
      // Nobody listens: the watch ends with the connection, which is just ending.
      close();
    }
  }

  @Override
  public void unwatch() {
    if (watch != null) {
      watch.close();
      watch = null;
    }
  }

  @Override
  public void stop() {
    server.reception().stop();
  }
}
