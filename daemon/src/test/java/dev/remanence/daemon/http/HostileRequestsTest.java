package dev.remanence.daemon.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remanence.Draft;
import dev.remanence.Listing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Requests that no proper client sends. For each: what it costs is bounded, its sender is told or
/// sent away, it changes nothing, and others are answered meanwhile. The build sets the JDK
/// server's own limit of time to two seconds.
final class HostileRequestsTest {
  private static final String POST =
      "POST /v1/memories HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
  private static final String GET = "GET /v1/memories HTTP/1.1\r\nHost: localhost\r\n";
  private static final String BODY = "{\"text\":\"smuggled\"}";

  @TempDir private Path directory;
  private Served served;

  @BeforeEach
  void serve() {
    served =
        new Served(
            directory,
            HttpSettings.of("0", List.of(), List.of(), null, null)
                .patience(Duration.ofMillis(1500)));
  }

  @AfterEach
  void close() {
    assertThat(served.send("GET", "/health/live", "").statusCode()).isEqualTo(200);
    served.close();
  }

  private String answer(String request) throws IOException {
    return Raw.answer(served.surface.port(), request);
  }

  private void isRefused(String request, int... statuses) throws IOException {
    var answer = answer(request);
    var expected = new ArrayList<String>();
    for (int status : statuses) {
      expected.add(Integer.toString(status));
    }
    var status = answer.startsWith("HTTP/1.1 ") ? answer.substring(9, 12) : "nothing: " + answer;
    assertThat(expected).as(request.substring(0, Math.min(request.length(), 300))).contains(status);
    assertThat(answers(answer)).as(answer).isEqualTo(1);
    holdsNothing();
  }

  private static int answers(String all) {
    return all.split("HTTP/1\\.1 [0-9]", -1).length - 1;
  }

  private void holdsNothing() {
    assertThat(served.store.list("global", Listing.FIRST).memories()).isEmpty();
  }

  private static String length(int bytes) {
    return "Content-Length: " + bytes + "\r\n";
  }

  private static String chunk(String text) {
    return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
  }

  @Test
  void lengths_areToldOnce() throws IOException {
    var chunked = "Transfer-Encoding: chunked\r\n";
    var chunks = chunk(BODY) + "0\r\n\r\n";
    var next = GET + "\r\n";
    isRefused(POST + length(BODY.length()) + chunked + "\r\n" + chunks + next, 400);
    isRefused(POST + chunked + length(4) + "\r\n" + chunks + next, 400);
    isRefused(POST + length(BODY.length()) + length(BODY.length()) + "\r\n" + BODY + next, 400);
    isRefused(POST + length(BODY.length()) + length(3) + "\r\n" + BODY, 400);
    isRefused(POST + "Content-Length: +19\r\n\r\n" + BODY, 400);
    isRefused(POST + "Content-Length: -1\r\n\r\n" + BODY, 400);
    isRefused(POST + "Content-Length: 19, 19\r\n\r\n" + BODY, 400);
    isRefused(POST + "Content-Length: 0x13\r\n\r\n" + BODY, 400);
    isRefused(POST + "Content-Length: 99999999999999999999\r\n\r\n" + BODY, 400);
    isRefused(POST + "Transfer-Encoding: xchunked\r\n\r\n" + chunks, 501);
    isRefused(POST + "Transfer-Encoding: chunked, identity\r\n\r\n" + chunks, 501);
    isRefused(POST + "Transfer-Encoding : chunked\r\n\r\n" + chunks, 400);
    isRefused(POST + chunked + chunked + "\r\n" + chunks, 400, 501);
    isRefused(POST + "\r\n" + BODY, 411);
    isRefused(POST.replace("1.1", "1.0") + chunked + "\r\n" + chunks, 400);
  }

  @Test
  void chunks_thatAreMalformed_areRefused() throws IOException {
    var chunked = POST + "Transfer-Encoding: chunked\r\n\r\n";
    for (var chunks :
        List.of(
            "zz\r\n" + BODY,
            "-5\r\n" + BODY,
            "\r\n" + BODY,
            "13" + "\r\n" + BODY + "XX0\r\n\r\n",
            "ffffffff\r\n" + BODY,
            "80000000\r\n" + BODY,
            "1;" + "e".repeat(5000) + "\r\nx\r\n",
            "11111111111111111111\r\n" + BODY)) {
      isRefused(chunked + chunks + GET + "\r\n", 400);
    }
  }

  @Test
  void aChunkOfAnAmbiguousSize_isTheLastOfItsConnection() throws IOException {
    // 2^32 + 19 is 19 to a reader of 32 bits: what follows must be nobody's request.
    var answer =
        answer(
            POST
                + "Transfer-Encoding: chunked\r\n\r\n100000013\r\n"
                + BODY
                + "\r\n0\r\n\r\n"
                + GET
                + "\r\n");
    assertThat(answers(answer)).isEqualTo(1);
    assertThat(answer).contains("onnection: close");
  }

  @Test
  void headers_areBounded() throws IOException {
    isRefused(GET + "X-A: b\r\n".repeat(150) + "\r\n", 431);
    isRefused(GET + "X-A: " + "b".repeat(40_000) + "\r\n\r\n", 431);
    isRefused("GET /" + "a".repeat(40_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n", 431);
    assertThat(answer(GET + "X-A: b\r\n".repeat(100_000) + "\r\n")).isEmpty();
    var different = new StringBuilder(GET);
    for (int i = 0; i < 100_000; i++) {
      different.append("X-").append(i).append(": b\r\n");
    }
    assertThat(answer(different + "\r\n")).isEmpty();
    assertThat(answer("GET /" + "a".repeat(1 << 20))).isEmpty();
    holdsNothing();
  }

  @Test
  void aHeaderWithoutEnd_isCutOff() throws IOException {
    try (var socket = Raw.connect(served.surface.port())) {
      long sent = 0;
      var part = "a".repeat(8192).getBytes(ISO_8859_1);
      try {
        socket.getOutputStream().write(Raw.bytes(GET + "X-Endless: "));
        while (sent < 1L << 30) {
          socket.getOutputStream().write(part);
          sent += part.length;
        }
      } catch (SocketException _) {
        // Sent away.
      }
      assertThat(sent).isLessThan(64L << 20);
    }
  }

  @Test
  void whoIsSlow_isSentAway() throws IOException {
    for (var begun :
        List.of(
            "GE",
            GET,
            GET + "X-A: ",
            POST + length(100) + "\r\n" + BODY,
            POST + "Transfer-Encoding: chunked\r\n\r\n5\r\nab")) {
      try (var socket = Raw.connect(served.surface.port())) {
        socket.getOutputStream().write(Raw.bytes(begun));
        assertThat(Raw.rest(socket)).as(begun).doesNotContain("HTTP/1.1 2");
      }
    }
    holdsNothing();
  }

  @Test
  void whoTakesNoAnswer_isSentAway() throws Exception {
    for (int i = 0; i < 12; i++) {
      served.store.remember("big", Draft.of(i + "x".repeat(1_000_000)));
    }
    try (var socket = new Socket()) {
      socket.setReceiveBufferSize(4096);
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), served.surface.port()));
      socket
          .getOutputStream()
          .write(Raw.bytes(GET.replace("memories", "memories?scope=big") + "\r\n"));
      // The answer has begun.
      assertThat(Raw.status(socket)).contains("200");
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (served.surface.idle().isZero() && System.nanoTime() < deadline) {
        Thread.onSpinWait();
      }
      assertThat(served.surface.idle()).isPositive();
    }
  }

  @Test
  void whatIsCutOff_isNotDone() throws IOException {
    for (var cut :
        List.of(
            POST,
            POST + "Content-Length: 1",
            POST + length(BODY.length()),
            POST + length(BODY.length()) + "\r\n" + BODY.substring(0, 8),
            POST + "Transfer-Encoding: chunked\r\n\r\n13\r\n" + BODY,
            POST + "Transfer-Encoding: chunked\r\n\r\n" + chunk(BODY))) {
      assertThat(answer(cut)).as(cut).doesNotContain("HTTP/1.1 2");
      holdsNothing();
    }
  }

  @Test
  void targets_arePathsHere() throws IOException {
    isRefused("GET http://evil.example/v1/stats HTTP/1.1\r\nHost: localhost\r\n\r\n", 400);
    isRefused("GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n", 403);
    isRefused("GET //evil.example/v1/stats HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, 404);
    assertThat(answer("GET http://localhost/v1/stats HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        .startsWith("HTTP/1.1 200");
    for (var path :
        List.of(
            "/v1/../v1/stats",
            "/v1/%2e%2e/stats",
            "/v1/.%2E/stats",
            "/v1/keys/%00",
            "/v1/keys/a%0d%0ab",
            "/v1/keys/%ff",
            "/v1/keys/%c0%af",
            "/v1/keys/%2",
            "/v1/keys/é")) {
      isRefused("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n", 400);
    }
    for (var path : List.of("/v1/..%2fstats", "/v1//stats", "/v1/stats/", "/V1/stats")) {
      isRefused("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, 404);
    }
    assertThat(answer("CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n")).isEmpty();
    isRefused("OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, 404);
    isRefused("TRACE /v1/stats HTTP/1.1\r\nHost: localhost\r\n\r\n", 405);
  }

  @Test
  void otherProtocols_areRefused() throws IOException {
    isRefused("GET /v1/stats\r\n\r\n", 400);
    isRefused("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, 404, 505);
    isRefused("GET /v1/stats HTTP/2.0\r\nHost: localhost\r\n\r\n", 505);
    isRefused("GET /v1/stats HTTP/0.9\r\nHost: localhost\r\n\r\n", 505);
    isRefused("GET /v1/stats HTTP/1.1\r\n\r\n", 400);
    isRefused("GET /v1/stats HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n", 400);
    isRefused(GET + "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n", 400);
    isRefused("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\r\n\r\n", 400);
    isRefused(POST.replace("json", "xml") + length(BODY.length()) + "\r\n" + BODY, 415);
    isRefused(POST.replace("/json", "/json;charset=utf-16") + length(1) + "\r\n1", 415);
    isRefused(POST.replace("Content-Type: application/json\r\n", "") + length(1) + "\r\n1", 415);
  }

  @Test
  void whatIsAnnounced_isNotSetAside() throws IOException {
    try (var socket = Raw.connect(served.surface.port())) {
      socket.getOutputStream().write(Raw.bytes(POST + length(1 << 30) + "\r\n{"));
      assertThat(Raw.status(socket)).contains("413");
    }
  }

  @Test
  void whatNobodyReads_endsItsConnectionAndNoOther() throws IOException {
    var much = "x".repeat(200_000);
    for (var verb :
        List.of("POST /v1/nothing", "GET /v1/stats", "DELETE /v1/memories/1", "BREW /")) {
      isRefused(
          verb + " HTTP/1.1\r\nHost: localhost\r\n" + length(much.length()) + "\r\n" + much,
          400,
          404,
          405);
    }
    assertThat(
            answer(
                "HEAD /v1/stats HTTP/1.1\r\nHost: localhost\r\n"
                    + length(much.length())
                    + "\r\n"
                    + much))
        .isEmpty();
    isRefused("GET /v1/stats HTTP/1.1\r\nHost: localhost\r\n" + length(50) + "\r\nx", 400);
  }

  @Test
  void whatUnpacksToMuch_isRefused() throws IOException {
    var bomb = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(bomb)) {
      for (int i = 0; i < 64; i++) {
        out.write(new byte[1 << 20]);
      }
    }
    isRefused(
        POST
            + "Content-Encoding: gzip\r\n"
            + length(bomb.size())
            + "\r\n"
            + bomb.toString(ISO_8859_1),
        413);
    isRefused(POST + "Content-Encoding: br\r\n" + length(1) + "\r\n1", 415);
    isRefused(POST + "Content-Encoding: gzip, gzip\r\n" + length(1) + "\r\n1", 415);
  }

  @Test
  void connectionsThatSayNothing_holdUpNobody() throws IOException {
    var idle = new ArrayList<Socket>();
    try {
      for (int i = 0; i < 200; i++) {
        idle.add(Raw.connect(served.surface.port()));
      }
      for (int i = 0; i < 200; i++) {
        var begun = Raw.connect(served.surface.port());
        begun.getOutputStream().write(Raw.bytes("GET /v1"));
        idle.add(begun);
      }
      for (int i = 0; i < 20; i++) {
        assertThat(served.send("GET", "/v1/memories", "").statusCode()).isEqualTo(200);
      }
    } finally {
      for (var socket : idle) {
        socket.close();
      }
    }
  }

  @Test
  void requestsOneAfterTheOther_areAnsweredOneAfterTheOther() throws IOException {
    assertThat(answers(answer((GET + "\r\n").repeat(3)))).isEqualTo(3);
  }
}
