package dev.remanence.daemon.server;

import dev.remanence.Remanence;
import dev.remanence.RemanenceException;
import dev.remanence.RemanenceException.Forbidden;
import dev.remanence.RemanenceException.Unavailable;
import dev.remanence.Sharing;
import dev.remanence.daemon.access.Tokens;
import dev.remanence.daemon.protocol.CallLog;
import dev.remanence.daemon.wire.Endpoint;
import dev.remanence.daemon.wire.Spool;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Collection;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Serves a store that this process owns, from the moment its endpoint is published to the last
/// answer. Closing it leaves the store open.
public final class Owner implements Sharing.Serving {
  private static final System.Logger LOG = System.getLogger("dev.remanence");
  private static final long LOG_BYTES_MAX = 16L << 20;
  private static final long STATUS_SECONDS = 5;
  private static final int TOKEN_BYTES = 32;

  private final Path store;
  private final Endpoint endpoint;
  private final SocketServer server;
  private final LiveLog log;
  private final CountDownLatch ended = new CountDownLatch(1);

  private Owner(Path store, Endpoint endpoint, SocketServer server, LiveLog log) {
    this.store = store;
    this.endpoint = endpoint;
    this.server = server;
    this.log = log;
  }

  /// How an owner serves.
  ///
  /// @param tcp on a loopback port instead of a Unix socket
  /// @param patience how long a caller may take to send a line or to take an answer
  /// @param temporary where the socket of a store with a long path stands
  public record Settings(boolean tcp, Duration patience, Path temporary) {
    public static Settings ofEnvironment() {
      return new Settings(
          "tcp".equals(System.getenv("REMANENCE_SOCKET")),
          Duration.ofSeconds(60),
          Path.of(System.getProperty("java.io.tmpdir")));
    }
  }

  /// Begins to serve a store.
  ///
  /// @param stop what a caller's `stop` does
  public static Owner serve(Remanence store, Settings settings, Runnable stop) {
    var status = store.status();
    var directory = status.store();
    try {
      var listening = listen(directory, settings);
      try {
        var endpoint = endpoint(status.version(), status.pid(), listening);
        Spool.sweep();
        var log = new LiveLog(directory, LOG_BYTES_MAX);
        var reception = new Reception(store, log, Tokens.of(directory), stop);
        var server = new SocketServer(listening, endpoint, reception, settings.patience);
        var owner = new Owner(directory, endpoint, server, log);
        server.start();
        endpoint.publish(directory);
        Thread.ofPlatform().daemon().name("remanence-status").start(owner::writeStatuses);
        return owner;
      } catch (IOException | RuntimeException e) {
        listening.close();
        throw e;
      }
    } catch (IOException e) {
      throw new Unavailable(
          "the store " + directory + " cannot be served: " + e.getMessage(),
          e,
          "store",
          directory.toString());
    }
  }

  /// Begins to serve a store that a program has open for itself: callers do not end it.
  public static Owner ofProgram(Remanence store) {
    long pid = store.status().pid();
    return serve(
        store,
        Settings.ofEnvironment(),
        () -> {
          throw new Forbidden(
              "the store belongs to a program, which a caller does not end: process " + pid,
              "pid",
              pid);
        });
  }

  private static ServerSocketChannel listen(Path store, Settings settings) throws IOException {
    if (!settings.tcp) {
      try {
        return Endpoint.listen(store, settings.temporary);
      } catch (UnsupportedOperationException _) {
        LOG.log(System.Logger.Level.INFO, "no Unix sockets here: serving on a loopback port");
      }
    }
    return Endpoint.listenOnLoopback(store);
  }

  private static Endpoint endpoint(String version, long pid, ServerSocketChannel listening)
      throws IOException {
    if (listening.getLocalAddress() instanceof InetSocketAddress address) {
      var token = new byte[TOKEN_BYTES];
      new SecureRandom().nextBytes(token);
      return new Endpoint(
          Endpoint.PROTOCOL,
          version,
          pid,
          null,
          address.getPort(),
          HexFormat.of().formatHex(token));
    }
    var socket = Path.of(listening.getLocalAddress().toString());
    return new Endpoint(Endpoint.PROTOCOL, version, pid, socket, 0, null);
  }

  private void writeStatuses() {
    try {
      while (!ended.await(STATUS_SECONDS, TimeUnit.SECONDS)) {
        server.reception().writeStatus(server.connections());
        writeUses();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void writeUses() {
    try {
      server.reception().tokens().writeUses();
    } catch (RemanenceException e) {
      LOG.log(System.Logger.Level.WARNING, "the use of tokens was not written: " + e.getMessage());
    }
  }

  /// For other ways in than the socket.
  public Reception reception() {
    return server.reception();
  }

  /// How many are connected to the socket.
  public int connections() {
    return server.connections();
  }

  /// For how long nobody has been connected.
  public Duration idle() {
    return server.idle();
  }

  /// How many calls are being answered.
  int inHand() {
    return server.reception().inHand();
  }

  @Override
  public void erased(Collection<String> scopes) {
    server.reception().tokens().forget(scopes);
    try {
      log.forget(scopes);
    } catch (IOException e) {
      throw stillNamed(store, e);
    }
  }

  /// Takes the names of scopes, that were erased by somebody who serves nobody, out of the files
  /// that the owners of a store keep.
  public static void erased(Path store, Collection<String> scopes) {
    Tokens.of(store).forget(scopes);
    try {
      LiveLog.forget(store, scopes);
    } catch (IOException e) {
      throw stillNamed(store, e);
    }
  }

  private static Unavailable stillNamed(Path store, IOException cause) {
    return new Unavailable(
        "the store's content is erased, but the name of the scope is still in "
            + CallLog.directory(store)
            + ": "
            + cause.getMessage(),
        cause);
  }

  @Override
  public void close() {
    ended.countDown();
    try {
      endpoint.withdraw(store);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "the endpoint is still there: " + e.getMessage());
    }
    server.close();
    log.close();
  }
}
