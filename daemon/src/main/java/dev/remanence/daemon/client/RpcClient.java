package dev.remanence.daemon.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remanence.Json;
import dev.remanence.Remanence.Progress;
import dev.remanence.RemanenceException;
import dev.remanence.daemon.protocol.Conversation.Hello;
import dev.remanence.daemon.protocol.RpcLine;
import dev.remanence.daemon.protocol.Times;
import dev.remanence.daemon.wire.Endpoint;
import dev.remanence.daemon.wire.LineBudget;
import dev.remanence.daemon.wire.LineReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Locale;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// One connection to the owner of a store, on which one call is made at a time. Thread-safe.
public final class RpcClient implements AutoCloseable {
  /// An answer may hold more than a request: pages of large memories.
  private static final int ANSWER_BYTES_MAX = Integer.MAX_VALUE - 64;

  private final SocketChannel channel;
  private final OutputStream out;
  private final LineReader in;
  private final Json.Obj welcome;

  /// Events of the watch that came before they were asked for: the first ones may come before the
  /// answer that says where it begins.
  private final Queue<Json.Obj> events = new ArrayDeque<>();

  private long calls;
  private boolean broken;

  private RpcClient(SocketChannel channel, Hello hello) {
    this.channel = channel;
    this.out = Channels.newOutputStream(channel);
    this.in =
        new LineReader(
            Channels.newInputStream(channel), ANSWER_BYTES_MAX, LineBudget.unlimited(), () -> {});
    this.welcome = (Json.Obj) call("hello", params(hello), Progress.NONE);
  }

  /// Connects and says hello. Fails with an IOException where nobody listens.
  public static RpcClient connect(Endpoint endpoint, Hello hello) throws IOException {
    var channel = endpoint.connect();
    try {
      return new RpcClient(channel, withToken(hello, endpoint.token()));
    } catch (ConnectionLost e) {
      channel.close();
      throw new IOException("the owner ended while it was greeted", e);
    } catch (RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static Hello withToken(Hello hello, @Nullable String token) {
    return new Hello(
        hello.caller(),
        hello.version(),
        hello.session(),
        hello.scope(),
        hello.protocol(),
        hello.progress(),
        hello.time(),
        token);
  }

  private static Json.Obj params(Hello hello) {
    var params =
        Json.object()
            .put("tool", hello.caller().tool())
            .put("pid", hello.caller().pid())
            .put("protocol", hello.protocol())
            .put("progress", hello.progress())
            .put("time", Times.format(hello.time() == null ? Instant.now() : hello.time()));
    var grant = hello.caller().grant();
    if (!grant.isAll()) {
      var verbs = grant.verbs().stream().map(verb -> verb.name().toLowerCase(Locale.ROOT));
      params.put("verbs", Json.array(verbs.<Json>map(Json::of).toList()));
      params.put("scopes", Json.array(grant.patterns().stream().<Json>map(Json::of).toList()));
    }
    if (hello.version() != null) {
      params.put("version", hello.version());
    }
    if (hello.session() != null) {
      params.put("session", hello.session().toString());
    }
    if (hello.scope() != null) {
      params.put("scope", hello.scope());
    }
    if (hello.token() != null) {
      params.put("token", hello.token());
    }
    return params.build();
  }

  /// What the owner answered to the hello.
  public Json.Obj welcome() {
    return welcome;
  }

  /// Calls a method and waits for its answer. Throws what the owner answered with, or
  /// [ConnectionLost].
  public synchronized Json call(String method, Json.Obj params, Progress progress) {
    long id = ++calls;
    send(
        Json.object()
            .put("jsonrpc", "2.0")
            .put("id", id)
            .put("method", method)
            .put("params", params)
            .build()
            .toString()
            .getBytes(UTF_8));
    while (true) {
      var message = receive();
      if (message.get("method") != null) {
        tell(message, progress);
        noteEvent(message);
      } else if (message.get("id") instanceof Json.Num number && number.longValue() == id) {
        return RpcLine.resultOf(message);
      } else if (message.get("error") != null) {
        // Refused before its id was read, such as by an owner that has too many connections.
        return RpcLine.resultOf(message);
      }
    }
  }

  /// Begins a watch over this connection, which is for nothing else from now on. Answers after
  /// which position it begins. Throws what the owner refuses, or [ConnectionLost].
  public synchronized long watch(Json.Obj params) {
    if (call("watch", params, Progress.NONE) instanceof Json.Obj begun
        && begun.get("position") instanceof Json.Num position) {
      return position.longValue();
    }
    throw lost(true, new IOException("the owner did not say where the watch begins"));
  }

  /// The next event of the watch, which is waited for. Throws [ConnectionLost] at the end.
  public synchronized Json.Obj nextEvent() {
    while (events.isEmpty()) {
      noteEvent(receive());
    }
    return events.remove();
  }

  private void noteEvent(Json.Obj message) {
    if ("watch".equals(message.string("method"))
        && message.get("params") instanceof Json.Obj event) {
      events.add(event);
    }
  }

  private static void tell(Json.Obj message, Progress progress) {
    if (message.get("params") instanceof Json.Obj params
        && params.get("done") instanceof Json.Num done
        && params.get("total") instanceof Json.Num total) {
      progress.at(done.longValue(), total.longValue());
    }
  }

  /// Sends a line as it is, and brings the line that answers it.
  ///
  /// @param answered whether an answer is due
  public synchronized byte @Nullable [] relay(byte[] line, boolean answered) {
    send(line);
    while (answered) {
      var answer = receiveLine();
      if (!(Json.parse(answer) instanceof Json.Obj message) || message.get("method") == null) {
        return answer;
      }
    }
    return null;
  }

  private void send(byte[] line) {
    if (broken) {
      throw new ConnectionLost(false, new EOFException("the connection was lost before"));
    }
    try {
      var ended = Arrays.copyOf(line, line.length + 1);
      ended[line.length] = '\n';
      out.write(ended);
    } catch (IOException e) {
      // A part may have gone out, but no line that ends.
      throw lost(false, e);
    }
  }

  private Json.Obj receive() {
    try {
      if (Json.parse(receiveLine()) instanceof Json.Obj message) {
        return message;
      }
    } catch (RemanenceException e) {
      throw lost(true, e);
    }
    throw lost(true, new IOException("the owner answered with something else than an object"));
  }

  private byte[] receiveLine() {
    try {
      var line = in.next();
      if (line == null) {
        throw lost(true, new EOFException("the owner closed the connection"));
      }
      return line;
    } catch (IOException e) {
      throw lost(true, e);
    }
  }

  private ConnectionLost lost(boolean sent, Exception cause) {
    broken = true;
    close();
    return new ConnectionLost(sent, cause);
  }

  public synchronized boolean isBroken() {
    return broken;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException _) {
      // It is gone, which is what was wanted.
    }
  }
}
