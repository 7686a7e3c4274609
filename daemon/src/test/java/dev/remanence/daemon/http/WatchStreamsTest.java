package dev.remanence.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remanence.Draft;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `GET /v1/watch`, read line by line as it comes.
final class WatchStreamsTest {
  @TempDir private Path directory;
  private Served served;

  @BeforeEach
  void serve() {
    served =
        new Served(
            directory,
            HttpSettings.of("0", List.of(), List.of(), null, null).silence(Duration.ofMillis(300)));
  }

  @AfterEach
  void close() {
    served.close();
  }

  private final class Listener implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader in;

    Listener(String query, String headers) throws IOException {
      socket = Raw.connect(served.surface.port());
      socket
          .getOutputStream()
          .write(
              Raw.bytes(
                  "GET /v1/watch" + query + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n"));
      in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    /// The rest of the next line that begins so; fails at the end.
    String after(String begin) throws IOException {
      var line = in.readLine();
      while (line != null && !line.startsWith(begin)) {
        line = in.readLine();
      }
      assertThat(line).as(begin).isNotNull();
      return line.substring(begin.length());
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @Test
  void events_comeInOrderAndGoOnAfterTheLastOne() throws IOException {
    String last;
    try (var listener = new Listener("?scope=acme&recursive=true", "")) {
      assertThat(listener.after("HTTP/1.1 ")).startsWith("200");
      listener.after("event: begin");
      served.store.remember("acme/a", Draft.of("tea"));
      served.store.remember("other", Draft.of("unseen"));
      last = listener.after("id: ");
      assertThat(listener.after("data: "))
          .contains("\"position\":" + last + ",")
          .contains("\"scope\":\"acme/a\"")
          .contains("\"change\":\"create\"")
          .doesNotContain("tea");
      listener.after(": here");
    }
    served.store.remember("acme/b", Draft.of("meanwhile"));
    try (var listener =
        new Listener("?scope=acme&recursive=true", "Last-Event-ID: " + last + "\r\n")) {
      listener.after("event: revision");
      assertThat(listener.after("data: ")).contains("acme/b");
    }
  }

  @Test
  void tokens_areHeldToTheirScopesAndEndTheirStreams() throws IOException {
    var secret = served.token("few", "read", "acme/a/**");
    served.token("another", "read", "**");
    var bearer = "Authorization: Bearer " + secret + "\r\n";
    try (var refused = new Listener("?scope=acme/b", bearer)) {
      assertThat(refused.after("HTTP/1.1 ")).startsWith("403");
    }
    try (var nobody = new Listener("", "")) {
      assertThat(nobody.after("HTTP/1.1 ")).startsWith("401");
    }
    try (var wrong = new Listener("?scop=acme", bearer)) {
      assertThat(wrong.after("HTTP/1.1 ")).startsWith("400");
    }
    try (var listener = new Listener("?since=0", bearer)) {
      listener.after("event: begin");
      served.store.remember("acme/b", Draft.of("elsewhere"));
      served.store.remember("acme/a", Draft.of("mine"));
      listener.after("event: revision");
      assertThat(listener.after("data: ")).contains("\"scope\":\"acme/a\"");
      var tokens = served.owner.reception().tokens();
      tokens.revoke(tokens.all().getFirst().id());
      served.store.remember("acme/a", Draft.of("after the end"));
      var line = listener.in.readLine();
      while (line != null) {
        assertThat(line).doesNotStartWith("data");
        line = listener.in.readLine();
      }
    }
  }

  @Test
  void closing_endsStreams() throws IOException {
    try (var listener = new Listener("", "")) {
      listener.after("event: begin");
      long began = System.nanoTime();
      served.surface.close();
      assertThat(System.nanoTime() - began).isLessThan(Duration.ofSeconds(5).toNanos());
    }
    served.owner.close();
  }
}
