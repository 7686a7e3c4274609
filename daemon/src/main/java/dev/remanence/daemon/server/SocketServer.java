package dev.remanence.daemon.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remanence.RemanenceException.Busy;
import dev.remanence.daemon.protocol.RpcLine;
import dev.remanence.daemon.wire.Endpoint;
import dev.remanence.daemon.wire.LineBudget;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Accepts connections to a store's owner and keeps them within limits: how many there are, how
/// much they may send before they are answered, how long one may take to send a line or to take an
/// answer. The numbers are in docs/sharing.md.
final class SocketServer implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("dev.remanence");
  private static final int CONNECTIONS_MAX = 4096;
  private static final long LINES_BYTES_MAX = 256L << 20;
  private static final Duration DRAIN = Duration.ofSeconds(10);

  private final ServerSocketChannel listening;
  private final Endpoint endpoint;
  private final Reception reception;
  private final Duration patience;
  private final LineBudget lines = new LineBudget(LINES_BYTES_MAX);
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();

  /// Guards the end, and is told when a connection ended.
  private final Object lock = new Object();

  private volatile boolean closed;
  private volatile long idleSince = System.nanoTime();

  /// @param patience how long a caller may take to send a line or to take an answer
  SocketServer(
      ServerSocketChannel listening, Endpoint endpoint, Reception reception, Duration patience) {
    this.listening = listening;
    this.endpoint = endpoint;
    this.reception = reception;
    this.patience = patience;
  }

  void start() {
    Thread.ofPlatform().daemon().name("remanence-accept").start(this::accept);
    Thread.ofPlatform().daemon().name("remanence-patience").start(this::watch);
  }

  private void accept() {
    while (!closed) {
      try {
        admit(listening.accept());
      } catch (ClosedChannelException _) {
        return;
      } catch (IOException e) {
        // Out of file descriptors, as a rule: those that end make room.
        LOG.log(System.Logger.Level.WARNING, "a connection was not taken: " + e.getMessage());
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void admit(SocketChannel channel) throws IOException {
    if (connections.size() >= CONNECTIONS_MAX) {
      try (channel) {
        channel.configureBlocking(false);
        var refusal =
            RpcLine.refusal(
                new Busy(
                    "the owner of the store has " + CONNECTIONS_MAX + " connections; close some",
                    "max",
                    CONNECTIONS_MAX));
        channel.write(ByteBuffer.wrap((refusal + "\n").getBytes(UTF_8)));
      }
      return;
    }
    var connection = new Connection(this, channel);
    connections.add(connection);
    if (closed) {
      connection.end();
    }
    Thread.ofVirtual().name("remanence-connection").start(connection);
  }

  void ended(Connection connection) {
    synchronized (lock) {
      connections.remove(connection);
      if (connections.isEmpty()) {
        idleSince = System.nanoTime();
      }
      lock.notifyAll();
    }
  }

  private void watch() {
    while (!closed) {
      for (var connection : connections) {
        if (connection.isOverdue(patience.toNanos())) {
          connection.close();
        }
      }
      synchronized (lock) {
        try {
          if (!closed) {
            lock.wait(Math.clamp(patience.toMillis() / 4, 10, 1000));
          }
        } catch (InterruptedException _) {
          return;
        }
      }
    }
  }

  Endpoint endpoint() {
    return endpoint;
  }

  LineBudget lines() {
    return lines;
  }

  Reception reception() {
    return reception;
  }

  int connections() {
    return connections.size();
  }

  /// For how long nobody has been connected.
  Duration idle() {
    return connections.isEmpty() ? Duration.ofNanos(System.nanoTime() - idleSince) : Duration.ZERO;
  }

  /// Takes no more connections, lets the calls in hand be answered, and ends the others.
  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      lock.notifyAll();
    }
    try {
      listening.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "closing the socket: " + e.getMessage());
    }
    connections.forEach(Connection::end);
    long deadline = System.nanoTime() + DRAIN.toNanos();
    boolean interrupted = false;
    synchronized (lock) {
      while (!connections.isEmpty() && !interrupted && System.nanoTime() < deadline) {
        try {
          lock.wait(100);
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
    }
    connections.forEach(Connection::close);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
