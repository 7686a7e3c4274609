package dev.remanence.daemon.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/// Requests that no proper client would send, byte for byte.
final class Raw {
  private static final int PATIENCE_MILLIS = 20_000;

  private Raw() {}

  static Socket connect(int port) throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /// What comes back until the server closes, after our side said that nothing more comes; empty
  /// where it closed without an answer.
  static String answer(int port, String request) throws IOException {
    try (var socket = connect(port)) {
      try {
        socket.getOutputStream().write(bytes(request));
        socket.shutdownOutput();
      } catch (SocketException _) {
        // Closed while we were sending: an answer may be there all the same.
      }
      return rest(socket);
    }
  }

  static String rest(Socket socket) throws IOException {
    var answer = new StringBuilder();
    var part = new byte[4096];
    try {
      int read = socket.getInputStream().read(part);
      while (read >= 0) {
        answer.append(new String(part, 0, read, StandardCharsets.ISO_8859_1));
        read = socket.getInputStream().read(part);
      }
    } catch (SocketException _) {
      // Reset: what came before it counts.
    }
    return answer.toString();
  }

  /// The first answer's status line, without waiting for the server to close.
  static String status(Socket socket) throws IOException {
    var line = new StringBuilder();
    try {
      int c = socket.getInputStream().read();
      while (c >= 0 && c != '\n') {
        line.append((char) c);
        c = socket.getInputStream().read();
      }
    } catch (SocketException _) {
      // As above.
    }
    return line.toString();
  }
}
