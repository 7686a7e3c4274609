package dev.remanence.daemon.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import dev.remanence.Json;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.Watch;
import dev.remanence.WatchEvent;
import dev.remanence.daemon.protocol.Events;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// `GET /v1/watch`: what a store records, as server-sent events, for as long as the caller listens,
/// its token holds and the owner serves. The id of an event is its position in the journal, with
/// which a caller that connects again goes on.
final class WatchStreams implements AutoCloseable {
  private static final int STREAMS_MAX = 256;
  private static final Set<String> PARAMETERS = Set.of("scope", "recursive", "since");

  private final Sending sending;
  private final Patience patience;
  private final Doorkeeper doorkeeper;
  private final Duration silence;
  private final Set<Stream> streams = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /// @param silence after which a comment says that the stream is alive
  WatchStreams(Sending sending, Patience patience, Doorkeeper doorkeeper, Duration silence) {
    this.sending = sending;
    this.patience = patience;
    this.doorkeeper = doorkeeper;
    this.silence = silence;
  }

  /// Streams until one of both sides ends it, then closes the exchange.
  void serve(Request request, Guest guest) throws IOException {
    for (var name : request.query().keySet()) {
      if (!PARAMETERS.contains(name)) {
        throw new InvalidInput("watch takes " + PARAMETERS + "; found another", "field", "query");
      }
    }
    var since = request.header("Last-Event-ID");
    if (streams.size() >= STREAMS_MAX) {
      throw Refusal.busy("there are " + STREAMS_MAX + " streams already; end one");
    }
    var stream = new Stream(request.exchange(), guest);
    streams.add(stream);
    try (var watch =
        guest
            .session()
            .store()
            .watch(
                one(request, "scope"),
                "true".equals(one(request, "recursive")),
                since == null ? number(one(request, "since")) : number(since),
                stream::tell)) {
      stream.run(request, watch);
    } finally {
      streams.remove(stream);
    }
  }

  private static @Nullable String one(Request request, String name) {
    var values = request.query().getOrDefault(name, List.of());
    if (values.size() > 1) {
      throw new InvalidInput(name + " is given twice", "field", name);
    }
    return values.isEmpty() ? null : values.getFirst();
  }

  private static @Nullable Long number(@Nullable String position) {
    if (position == null || position.isEmpty()) {
      return null;
    }
    if (!position.matches("[0-9]{1,18}")) {
      throw new InvalidInput("since is the position of an event", "field", "since");
    }
    return Long.valueOf(position);
  }

  @Override
  public void close() {
    closed = true;
    streams.forEach(Stream::end);
  }

  /// One caller's stream. What is told is written by the watch's thread; the request's thread says
  /// now and then that the stream is alive, and notices when it is not wanted any more.
  private final class Stream {
    private final HttpExchange exchange;
    private final Guest guest;

    /// Guarded by this stream.
    private @Nullable OutputStream out;

    private boolean over;
    private long wroteAt;

    Stream(HttpExchange exchange, Guest guest) {
      this.exchange = exchange;
      this.guest = guest;
    }

    synchronized void run(Request request, Watch watch) throws IOException {
      sending.begin(
          exchange,
          request,
          200,
          Map.of(
              "Content-Type",
              "text/event-stream",
              "X-Accel-Buffering",
              "no",
              "Connection",
              "close"));
      try (var _ = patience.begin()) {
        exchange.sendResponseHeaders(200, 0);
      }
      out = exchange.getResponseBody();
      notifyAll();
      var begin = Json.object().put("position", watch.position()).build();
      write("retry: 2000\nid: " + watch.position() + "\nevent: begin\ndata: " + begin + "\n\n");
      while (!over && !closed && watch.isOpen() && doorkeeper.isWelcome(guest)) {
        long left = wroteAt + silence.toNanos() - System.nanoTime();
        if (left <= 0) {
          write(": here\n\n");
        } else {
          pause(left);
        }
      }
      over = true;
      notifyAll();
      exchange.close();
    }

    private void pause(long nanos) {
      try {
        TimeUnit.NANOSECONDS.timedWait(this, nanos);
      } catch (InterruptedException _) {
        over = true;
      }
    }

    /// On the watch's thread.
    synchronized void tell(WatchEvent event) {
      while (out == null && !over) {
        pause(silence.toNanos());
      }
      if (over || !doorkeeper.isWelcome(guest)) {
        end();
        return;
      }
      write("id: " + event.position() + "\nevent: revision\ndata: " + Events.of(event) + "\n\n");
    }

    private void write(String text) {
      var to = out;
      if (to == null || over) {
        return;
      }
      try (var _ = patience.begin()) {
        to.write(text.getBytes(UTF_8));
        to.flush();
        wroteAt = System.nanoTime();
      } catch (IOException _) {
        // The caller went away, or did not listen.
        end();
      }
    }

    synchronized void end() {
      over = true;
      notifyAll();
    }
  }
}
