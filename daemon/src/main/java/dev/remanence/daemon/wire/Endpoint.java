package dev.remanence.daemon.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remanence.Json;
import dev.remanence.RemanenceException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// Where the owner of a store is reached, as the file `run/endpoint` says it: a Unix socket, or a
/// loopback port with a token.
///
/// @param protocol of what is spoken there
/// @param version of the owner's program
/// @param socket null where there are no Unix sockets
public record Endpoint(
    int protocol,
    String version,
    long pid,
    @Nullable Path socket,
    int port,
    @Nullable String token) {
  /// What this program speaks.
  public static final int PROTOCOL = 1;

  /// The path of a socket has at most 107 bytes on Linux, 103 elsewhere.
  private static final int SOCKET_PATH_BYTES_MAX = 100;

  private static final int BACKLOG = 1024;

  public static Path directory(Path store) {
    return store.resolve("run");
  }

  private static Path file(Path store) {
    return directory(store).resolve("endpoint");
  }

  /// Where the socket of a store stands: in the store, or in a private directory under the
  /// temporary one where its path would be too long.
  static Path socketOf(Path store, Path temporary) {
    var socket = directory(store).resolve("socket");
    if (socket.toString().getBytes(UTF_8).length <= SOCKET_PATH_BYTES_MAX) {
      return socket;
    }
    var name = HexFormat.of().formatHex(hash(store.toString()), 0, 8);
    return temporary.resolve("remanence-" + name).resolve("socket");
  }

  private static byte[] hash(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /// Begins to listen on a store's Unix socket. Only its owner may: what is left of an earlier one
  /// is removed.
  public static ServerSocketChannel listen(Path store, Path temporary) throws IOException {
    PrivateFiles.createDirectory(directory(store), store);
    var socket = socketOf(store, temporary);
    var parent = socket.getParent();
    if (parent != null && !parent.equals(directory(store))) {
      PrivateFiles.createDirectory(parent, store);
    }
    Files.deleteIfExists(socket);
    var channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.bind(UnixDomainSocketAddress.of(socket), BACKLOG);
      PrivateFiles.makePrivate(socket);
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /// Begins to listen on a loopback port of the system's choice.
  public static ServerSocketChannel listenOnLoopback(Path store) throws IOException {
    PrivateFiles.createDirectory(directory(store), store);
    var channel = ServerSocketChannel.open();
    try {
      channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /// What the owner of a store published; null where there is none.
  public static @Nullable Endpoint read(Path store) {
    try {
      return Json.parse(Files.readAllBytes(file(store))) instanceof Json.Obj json
          ? decode(json)
          : null;
    } catch (IOException | RemanenceException _) {
      // Nobody has published, or what is there is no endpoint, which says the same.
      return null;
    }
  }

  private static @Nullable Endpoint decode(Json.Obj json) {
    var protocol = json.number("protocol");
    var pid = json.number("pid");
    var socket = json.string("socket");
    var port = json.number("port");
    var version = json.string("version");
    return protocol == null || pid == null || version == null || (socket == null) == (port == null)
        ? null
        : new Endpoint(
            (int) protocol.longValue(),
            version,
            pid.longValue(),
            socket == null ? null : Path.of(socket),
            port == null ? 0 : (int) port.longValue(),
            json.string("token"));
  }

  public void publish(Path store) throws IOException {
    var json = Json.object().put("protocol", protocol).put("version", version).put("pid", pid);
    if (socket == null) {
      json.put("port", port);
    } else {
      json.put("socket", socket.toString());
    }
    if (token != null) {
      json.put("token", token);
    }
    PrivateFiles.write(file(store), (json.build() + "\n").getBytes(UTF_8));
  }

  /// Takes back what was published, before the store is closed.
  public void withdraw(Path store) throws IOException {
    Files.deleteIfExists(file(store));
    if (socket != null) {
      Files.deleteIfExists(socket);
      var parent = socket.getParent();
      if (parent != null && !parent.equals(directory(store))) {
        Files.deleteIfExists(parent);
      }
    }
  }

  /// Fails where nobody listens there any more.
  public SocketChannel connect() throws IOException {
    if (socket != null) {
      return SocketChannel.open(UnixDomainSocketAddress.of(socket));
    }
    var channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    return channel;
  }

  /// Whether somebody shows the token that this endpoint wants; in a time that tells nothing.
  public boolean admits(@Nullable String shown) {
    return token == null
        || (shown != null && MessageDigest.isEqual(token.getBytes(UTF_8), shown.getBytes(UTF_8)));
  }

  @Override
  public String toString() {
    return socket != null ? socket.toString() : "127.0.0.1:" + port;
  }
}
