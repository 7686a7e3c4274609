package dev.remanence.mind.llm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remanence.RemanenceException.Timeout;
import dev.remanence.RemanenceException.Unavailable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// What a server can do to a caller below HTTP.
class CallsTest {
  private static Calls calls(String address, int seconds) {
    return new Calls(
        Endpoint.parse("openai:" + address + "#m,seconds=" + seconds),
        new SplittableRandom(1),
        Duration.ofMillis(1));
  }

  /// What a call comes to, which fails; while the client is open still, the server sees it hang up.
  private static Calls.NoReply failed(RawServer server, int seconds) throws Exception {
    try (var calls = calls(server.address(), seconds)) {
      var outcome = calls.post(List.of(), "{}".getBytes(UTF_8));
      assertThat(outcome).isInstanceOf(Calls.NoReply.class);
      assertThat(server.hungUp.await(20, TimeUnit.SECONDS)).isTrue();
      return (Calls.NoReply) outcome;
    }
  }

  @Test
  void post_silentServer_endsAtTheDeadline() throws Exception {
    try (var server = new RawServer((_, self) -> self.pause(60_000))) {
      long begin = System.nanoTime();
      var failure = failed(server, 1);
      assertThat(failure.failure()).isInstanceOf(Timeout.class);
      assertThat(failure.sent()).isTrue();
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void post_serverThatTrickles_endsAtTheDeadlineAndIsHungUpOn() throws Exception {
    try (var server =
        new RawServer((out, self) -> {
          RawServer.write(out, RawServer.head(1_000_000));
          while (self.pause(100)) {
            RawServer.write(out, "{");
          }
        })) {
      var failure = failed(server, 1);
      assertThat(failure.failure()).isInstanceOf(Timeout.class).hasMessageContaining("1 s");
    }
  }

  @Test
  void post_headersThatTrickle_endAtTheDeadline() throws Exception {
    try (var server =
        new RawServer((out, self) -> {
          RawServer.write(out, "HTTP/1.1 200 OK\r\nX-Long: ");
          while (self.pause(100)) {
            RawServer.write(out, "x");
          }
        })) {
      assertThat(failed(server, 1).failure()).isInstanceOf(Timeout.class);
    }
  }

  @Test
  void post_bodyCutOff_failsAndIsNotAskedAgain() throws Exception {
    try (var server =
        new RawServer((out, _) -> RawServer.write(out, RawServer.head(1000) + "{\"choices\":"))) {
      var failure = failed(server, 20);
      assertThat(failure.failure()).isInstanceOf(Unavailable.class);
      assertThat(failure.sent()).isTrue();
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void post_endlessBody_endsAtTheLimitOfBytes() throws Exception {
    var written = new AtomicLong();
    try (var server = new RawServer((out, _) -> endless(out, written))) {
      assertThat(failed(server, 60).failure()).isInstanceOf(Unavailable.class);
      assertThat(server.connections()).isEqualTo(1);
      // The limit, and what lies in the buffers between.
      assertThat(written.get()).isBetween((long) Calls.ANSWER_BYTES_MAX, 32L << 20);
    }
  }

  private static void endless(OutputStream out, AtomicLong written) throws IOException {
    RawServer.write(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    var chunk = "10000\r\n" + " ".repeat(0x10000) + "\r\n";
    // The caller hangs up long before.
    for (int i = 0; i < 2000; i++) {
      RawServer.write(out, chunk);
      written.addAndGet(0x10000);
    }
  }

  @Test
  void post_whatIsNotHttp_isUnavailable() throws Exception {
    try (var server = new RawServer((out, _) -> RawServer.write(out, "SSH-2.0-nothing\r\n\r\n"))) {
      assertThat(failed(server, 20).failure()).isInstanceOf(Unavailable.class);
    }
  }

  @Test
  void post_nobodyListens_failsAndNothingWasSent() throws Exception {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    try (var calls = calls("http://127.0.0.1:" + port, 20)) {
      assertThat(calls.post(List.of(), new byte[0]))
          .isInstanceOfSatisfying(
              Calls.NoReply.class, failure -> assertThat(failure.sent()).isFalse());
    }
  }

  @Test
  void post_interruptedCaller_stopsAndStaysInterrupted() throws Exception {
    try (var server = new RawServer((_, self) -> self.pause(60_000));
        var calls = calls(server.address(), 60)) {
      Thread.currentThread().interrupt();
      var outcome = calls.post(List.of(), new byte[0]);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(outcome).isInstanceOf(Calls.NoReply.class);
    }
  }
}
