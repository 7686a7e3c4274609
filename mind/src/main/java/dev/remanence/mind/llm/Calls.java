package dev.remanence.mind.llm;

import dev.remanence.RemanenceException;
import dev.remanence.RemanenceException.Busy;
import dev.remanence.RemanenceException.Timeout;
import dev.remanence.RemanenceException.Unavailable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Requests to one server that is not trusted: each has one deadline for all of it, waiting for its
/// turn, retries and a body that trickles in included, and a limit of bytes that holds while the
/// body is read. Redirects are not followed, so a key goes where the setting says and nowhere else.
///
/// Refusals that pass (408, 429, 5xx) and connections that fail are tried again twice, after a
/// pause that doubles, give or take a half, or as long as the server asks, if the deadline allows
/// that. What a server says of a refusal is not repeated to anyone: it may hold the key.
final class Calls implements AutoCloseable {
  static final int ANSWER_BYTES_MAX = 1 << 20;

  private static final int CALLS_AT_ONCE = 4;
  private static final int ATTEMPTS_MAX = 3;

  private final Endpoint endpoint;
  private final RandomGenerator random;
  private final Duration pause;
  private final Semaphore turns = new Semaphore(CALLS_AT_ONCE, true);
  private final HttpClient client;

  /// @param pause before the second attempt
  Calls(Endpoint endpoint, RandomGenerator random, Duration pause) {
    this.endpoint = endpoint;
    this.random = random;
    this.pause = pause;
    var builder =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(endpoint.deadline());
    if (endpoint.isLoopback()) {
      // Neither a proxy nor an offer of HTTP/2, at which some local servers stumble.
      builder.proxy(HttpClient.Builder.NO_PROXY).version(HttpClient.Version.HTTP_1_1);
    }
    this.client = builder.build();
  }

  /// What came of a request.
  sealed interface Outcome {}

  /// A whole answer, with whatever status.
  @SuppressWarnings("ArrayRecordComponent")
  record Reply(int status, byte[] body) implements Outcome {}

  /// No answer, or not all of one.
  ///
  /// @param sent whether the server may have worked on it
  record NoReply(RemanenceException failure, boolean sent) implements Outcome {}

  Outcome post(List<String> headers, byte[] body) {
    long end = System.nanoTime() + endpoint.deadline().toNanos();
    var request =
        HttpRequest.newBuilder(endpoint.target())
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    for (int i = 0; i < headers.size(); i += 2) {
      request.header(headers.get(i), headers.get(i + 1));
    }
    try {
      if (!turns.tryAcquire(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS)) {
        return new NoReply(
            new Busy(endpoint.who() + " is busy with other calls", "calls", CALLS_AT_ONCE), false);
      }
      try {
        return tried(request.build(), end);
      } finally {
        turns.release();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return new NoReply(
          new Unavailable("interrupted while " + endpoint.who() + " was asked", null), true);
    }
  }

  private Outcome tried(HttpRequest request, long end) throws InterruptedException {
    for (int attempt = 1; ; attempt++) {
      var step = once(request, end);
      var rest = step.asked == null ? jittered(attempt) : step.asked;
      if (!step.passes || attempt == ATTEMPTS_MAX || rest.toNanos() >= end - System.nanoTime()) {
        return step.outcome;
      }
      TimeUnit.NANOSECONDS.sleep(rest.toNanos());
    }
  }

  /// @param passes whether the same request may succeed later
  /// @param asked how long the server asks to wait, or null
  private record Step(Outcome outcome, boolean passes, @Nullable Duration asked) {}

  private Step once(HttpRequest request, long end) throws InterruptedException {
    var begun = new AtomicBoolean();
    var waiting =
        client.sendAsync(
            request,
            head -> {
              begun.set(true);
              return HttpResponse.BodyHandlers.limiting(
                      HttpResponse.BodyHandlers.ofByteArray(), ANSWER_BYTES_MAX)
                  .apply(head);
            });
    try {
      var response = waiting.get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
      int status = response.statusCode();
      boolean passes = status == 408 || status == 429 || status >= 500;
      return new Step(new Reply(status, response.body()), passes, asked(response));
    } catch (TimeoutException _) {
      long seconds = endpoint.deadline().toSeconds();
      var late =
          new Timeout(
              endpoint.who() + " took longer than " + seconds + " s",
              "host",
              host(),
              "seconds",
              seconds);
      return new Step(new NoReply(late, true), false, null);
    } catch (ExecutionException e) {
      // A server that has begun to answer and breaks off, or goes on for ever, would do so again.
      boolean passes = !begun.get() && e.getCause() instanceof IOException;
      var failure =
          new Unavailable(
              endpoint.who() + " cannot be used: " + e.getCause(), e.getCause(), "host", host());
      return new Step(
          new NoReply(failure, !(e.getCause() instanceof ConnectException)), passes, null);
    } finally {
      waiting.cancel(true);
    }
  }

  private String host() {
    return endpoint.base().getAuthority();
  }

  private Duration jittered(int attempt) {
    return Duration.ofNanos(
        (long) ((pause.toNanos() << (attempt - 1)) * (0.5 + random.nextDouble())));
  }

  /// A number of seconds; the form with a date is passed over.
  private static @Nullable Duration asked(HttpResponse<byte[]> response) {
    var header = response.headers().firstValue("Retry-After").orElse("");
    return header.matches("[0-9]{1,4}") ? Duration.ofSeconds(Integer.parseInt(header)) : null;
  }

  @Override
  public void close() {
    client.shutdownNow();
    client.close();
  }
}
