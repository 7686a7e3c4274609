package dev.remanence.daemon.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.remanence.Json;
import dev.remanence.RemanenceException;
import dev.remanence.RemanenceException.Forbidden;
import dev.remanence.RemanenceException.Unavailable;
import dev.remanence.Verb;
import dev.remanence.daemon.protocol.RpcLine;
import dev.remanence.daemon.server.Reception;
import dev.remanence.daemon.wire.Endpoint;
import dev.remanence.daemon.wire.PrivateFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Serves an owned store over HTTP, on the JDK's server with a virtual thread for each request,
/// until it is closed. docs/http.md says what is answered, docs/decisions/0013 why this server.
///
/// The way of a request: [Request] reads it strictly, [Doorkeeper] asks who it is from, then it is
/// a call ([Rest], or JSON-RPC), and [Sending] takes the answer to the caller.
public final class HttpSurface implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("dev.remanence");
  private static final int BACKLOG = 1024;
  private static final Duration DRAIN = Duration.ofSeconds(10);
  private static final String FILE = "http.json";

  /// What `doctor` calls a problem as well.
  private static final long FREE_BYTES_MIN = 64L << 20;

  /// Paths that are no method of the protocol, in order.
  static final SortedSet<String> OTHERS =
      new TreeSet<>(
          List.of(
              "/health/live", "/health/ready", "/metrics", "/openapi.json", "/rpc", "/v1/watch"));

  private static final List<String> WATCH = List.of("v1", "watch");

  private final Reception reception;
  private final HttpServer server;
  private final boolean hasTls;
  private final ExecutorService threads;
  private final Patience patience;
  private final Doorkeeper doorkeeper;
  private final Bodies bodies;
  private final Rest rest;
  private final Sending sending;
  private final Metrics metrics;
  private final WatchStreams streams;

  /// Guards what follows, and is told when a request was answered.
  private final Object lock = new Object();

  private int inHand;
  private long idleSince = System.nanoTime();
  private boolean closing;

  private HttpSurface(
      Reception reception, HttpServer server, HttpSettings settings, boolean onLoopback) {
    this.reception = reception;
    this.server = server;
    this.hasTls = settings.hasTls();
    this.threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("remanence-http").factory());
    this.patience = new Patience(settings.patience());
    this.doorkeeper = new Doorkeeper(reception, settings, onLoopback);
    this.bodies = new Bodies(patience);
    this.rest = new Rest(bodies);
    this.sending = new Sending(patience, bodies, settings.origins());
    this.metrics = new Metrics(reception, sending, doorkeeper);
    this.streams = new WatchStreams(sending, patience, doorkeeper, settings.silence());
  }

  /// Begins to listen. Refuses to be reached from beyond this machine where no token exists.
  public static HttpSurface open(Reception reception, HttpSettings settings) {
    ServerLimits.apply();
    try {
      var address = InetAddress.getByName(settings.host());
      if (!address.isLoopbackAddress() && !reception.tokens().exist()) {
        throw new Forbidden(
            "listening on "
                + settings.host()
                + " lets other machines in, and no token exists that says who may call; make one"
                + " with remanence token create, or listen on 127.0.0.1",
            "host",
            settings.host());
      }
      var server = listen(new InetSocketAddress(address, settings.port()), settings);
      var surface = new HttpSurface(reception, server, settings, address.isLoopbackAddress());
      server.setExecutor(surface.threads);
      server.createContext("/", surface::handle);
      server.start();
      PrivateFiles.write(
          file(reception),
          (Json.object().put("url", surface.url()).build() + "\n").getBytes(UTF_8));
      LOG.log(System.Logger.Level.INFO, "serving " + surface.url());
      return surface;
    } catch (IOException e) {
      throw new Unavailable(
          "cannot listen on " + settings.host() + ":" + settings.port() + ": " + e.getMessage(),
          e,
          "host",
          settings.host(),
          "port",
          settings.port());
    }
  }

  private static HttpServer listen(InetSocketAddress address, HttpSettings settings)
      throws IOException {
    var certificate = settings.certificate();
    var key = settings.key();
    if (certificate == null || key == null) {
      return HttpServer.create(address, BACKLOG);
    }
    var context = PemFiles.context(certificate, key);
    var server = HttpsServer.create(address, BACKLOG);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    return server;
  }

  private static Path file(Reception reception) {
    return Endpoint.directory(reception.status().store()).resolve(FILE);
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public String url() {
    var address = server.getAddress();
    var host = address.getAddress().getHostAddress();
    return (hasTls ? "https://" : "http://")
        + (host.contains(":") ? "[" + host + "]" : host)
        + ":"
        + address.getPort();
  }

  /// For how long nobody has asked.
  public Duration idle() {
    synchronized (lock) {
      return inHand > 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - idleSince);
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    synchronized (lock) {
      inHand++;
    }
    try {
      serve(exchange);
    } finally {
      synchronized (lock) {
        inHand--;
        idleSince = System.nanoTime();
        lock.notifyAll();
      }
    }
  }

  private void serve(HttpExchange exchange) throws IOException {
    Request request = null;
    Reply reply;
    try {
      request = Request.of(exchange);
      if (isWatch(request)) {
        streams.serve(request, admitted(request));
        return;
      }
      reply = answer(request);
    } catch (Refusal refusal) {
      reply = refusal.reply();
    } catch (RemanenceException failure) {
      reply = Reply.of(failure);
    } catch (RuntimeException | Error fault) {
      LOG.log(System.Logger.Level.ERROR, "a fault in " + exchange.getRequestMethod(), fault);
      reply = Reply.fault(fault);
    }
    sending.send(exchange, request, reply);
  }

  private static boolean isWatch(Request request) {
    return request.method().equals("GET") && request.path().equals(WATCH);
  }

  private Guest admitted(Request request) {
    requirePlace(request);
    return doorkeeper.admit(request);
  }

  private void requirePlace(Request request) {
    synchronized (lock) {
      if (closing) {
        throw Refusal.busy("the owner of the store is ending; try again in a moment");
      }
    }
    doorkeeper.requirePlace(request);
  }

  private Reply answer(Request request) {
    requirePlace(request);
    if (request.method().equals("OPTIONS") && request.header("Origin") != null) {
      return sending.preflight();
    }
    return switch (String.join("/", request.path())) {
      case "health/live" -> health(request, null);
      case "health/ready" -> health(request, reasonNotReady());
      case "metrics" -> metrics(request, doorkeeper.admit(request));
      case "openapi.json" -> openApi(request, doorkeeper.admit(request));
      case "v1/watch" -> throw Refusal.notAllowed("GET");
      case "rpc" -> rpc(request, doorkeeper.admit(request));
      default -> rest.answer(request, doorkeeper.admit(request));
    };
  }

  private static void requireGet(Request request) {
    if (!request.verb().equals("GET")) {
      throw Refusal.notAllowed("GET");
    }
  }

  private static Reply health(Request request, @Nullable String reason) {
    requireGet(request);
    var health = Json.object().put("status", reason == null ? "ok" : "unavailable");
    if (reason != null) {
      health.put("reason", reason);
    }
    return Reply.json(reason == null ? 200 : 503, health.build());
  }

  /// Why the store does not answer questions or take writes; null where it does.
  private @Nullable String reasonNotReady() {
    try {
      reception.store().scopes("global");
      if (!reception.store().status().writing()) {
        return "writing has stopped";
      }
      return isDiskLow() ? "the disk is almost full" : null;
    } catch (RemanenceException _) {
      return "the store does not answer";
    }
  }

  private boolean isDiskLow() {
    try {
      return Files.getFileStore(reception.status().store()).getUsableSpace() < FREE_BYTES_MIN;
    } catch (IOException _) {
      // Nothing is known of it, and writes tell.
      return false;
    }
  }

  private Reply metrics(Request request, Guest guest) {
    requireGet(request);
    var grant = guest.grant();
    if (!grant.isForAllScopes() || !grant.verbs().contains(Verb.ADMIN)) {
      throw Refusal.forbidden("metrics are of the whole store: a token needs admin on ** for them");
    }
    return Reply.text(200, Metrics.TYPE, metrics.text());
  }

  private static Reply openApi(Request request, Guest guest) {
    requireGet(request);
    return Reply.json(200, OpenApi.document(guest.reception().status().version()));
  }

  private Reply rpc(Request request, Guest guest) {
    if (!request.method().equals("POST")) {
      throw Refusal.notAllowed("POST");
    }
    if (!request.query().isEmpty()) {
      throw Refusal.malformed("/rpc has no query");
    }
    try (var body = bodies.read(request)) {
      var rpc = new RpcLine(guest);
      var answer = reception.<@Nullable String>inTurn(() -> rpc.answer(body.bytes()));
      return answer == null ? Reply.nothing(204) : Reply.text(200, "application/json", answer);
    }
  }

  /// Takes no more requests, lets those in hand be answered, and ends the others.
  @Override
  public void close() {
    long deadline = System.nanoTime() + DRAIN.toNanos();
    boolean interrupted = false;
    synchronized (lock) {
      closing = true;
    }
    streams.close();
    synchronized (lock) {
      while (inHand > 0 && !interrupted && System.nanoTime() < deadline) {
        try {
          TimeUnit.NANOSECONDS.timedWait(lock, Math.max(1, deadline - System.nanoTime()));
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
    }
    server.stop(0);
    threads.shutdownNow();
    patience.close();
    doorkeeper.close();
    try {
      Files.deleteIfExists(file(reception));
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, FILE + " is still there: " + e.getMessage());
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
