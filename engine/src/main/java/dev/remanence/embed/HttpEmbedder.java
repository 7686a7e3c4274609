package dev.remanence.embed;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remanence.Json;
import dev.remanence.Limits;
import dev.remanence.RemanenceException;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.Timeout;
import dev.remanence.RemanenceException.Unavailable;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A model behind a server that speaks as OpenAI's or Ollama's does.
///
/// The server is not trusted: its answer has a limit in bytes, its vectors must be as many as were
/// asked for, of one dimension from the first call on, and finite. Redirects are not followed, so
/// the key goes where the setting says and nowhere else. Refusals that pass (408, 429, 5xx) and
/// connections that fail are tried again a few times, ever later, within one deadline. The key is
/// read from the environment at each call and kept nowhere.
final class HttpEmbedder implements Embedder {
  private static final int CALLS_AT_ONCE = 8;
  private static final int ATTEMPTS_MAX = 4;
  private static final int TEXTS_MAX = 32;

  /// What common servers read at once is 8191 tokens, and a token has a character or more.
  private static final int TEXT_CHARS_MAX = 8000;

  private static final long ANSWER_BYTES_A_TEXT = 256 << 10;
  private static final Duration PAUSE = Duration.ofMillis(250);

  private final Endpoint endpoint;
  private final Function<String, @Nullable String> environment;
  private final RandomGenerator random;
  private final Duration pause;
  private final Turns turns = new Turns(CALLS_AT_ONCE);

  /// Known from the first vector on, and 0 before.
  private final AtomicInteger dimension = new AtomicInteger();

  /// Made at the first call, under the monitor.
  private @Nullable HttpClient client;

  HttpEmbedder(
      Endpoint endpoint,
      Function<String, @Nullable String> environment,
      RandomGenerator random,
      Duration pause) {
    this.endpoint = endpoint;
    this.environment = environment;
    this.random = random;
    this.pause = pause;
  }

  static HttpEmbedder of(Endpoint endpoint, RandomGenerator random) {
    return new HttpEmbedder(endpoint, System::getenv, random, PAUSE);
  }

  @Override
  public String model() {
    return endpoint.id();
  }

  @Override
  public int dimension() {
    return dimension.get();
  }

  @Override
  public float[] embedQuery(String question) {
    return turns.question(() -> ask(List.of(question)).getFirst());
  }

  @Override
  public float[] embedPassage(String text) {
    return turns.passage(() -> ask(List.of(text)).getFirst());
  }

  @Override
  public List<float[]> embedPassages(List<String> texts) {
    var vectors = new ArrayList<float[]>(texts.size());
    for (int from = 0; from < texts.size(); from += TEXTS_MAX) {
      var some = texts.subList(from, Math.min(texts.size(), from + TEXTS_MAX));
      vectors.addAll(turns.passage(() -> ask(some)));
    }
    return vectors;
  }

  private List<float[]> ask(List<String> texts) {
    long end = System.nanoTime() + endpoint.deadline().toNanos();
    var request = request(texts);
    for (int attempt = 1; ; attempt++) {
      var answer = send(request, texts.size(), end);
      switch (answer) {
        case Vectors(var body) -> {
          return vectors(body, texts.size());
        }
        case Refusal refusal -> {
          if (!refusal.passes() || attempt == ATTEMPTS_MAX) {
            throw refusal.failure();
          }
          rest(refusal, attempt, end);
        }
      }
    }
  }

  private HttpRequest request(List<String> texts) {
    var input =
        Json.array(texts.stream().map(HttpEmbedder::shortened).map(text -> Json.of(text)).toList());
    var body = Json.object().put("model", endpoint.model()).put("input", input).build();
    var request =
        HttpRequest.newBuilder(endpoint.target())
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body.toString().getBytes(UTF_8)));
    var variable = endpoint.keyVariable();
    if (variable != null) {
      request.header("Authorization", "Bearer " + key(variable));
    }
    return request.build();
  }

  private static String shortened(String text) {
    if (text.length() <= TEXT_CHARS_MAX) {
      return text;
    }
    boolean amidPair = Character.isHighSurrogate(text.charAt(TEXT_CHARS_MAX - 1));
    return text.substring(0, TEXT_CHARS_MAX - (amidPair ? 1 : 0));
  }

  private String key(String variable) {
    var key = environment.apply(variable);
    if (key == null || key.isBlank()) {
      throw new Unavailable(
          "the embedder's key is not there: set the environment variable " + variable,
          null,
          "variable",
          variable);
    }
    if (!key.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new InvalidInput(
          "the environment variable " + variable + " holds something else than a key",
          "variable",
          variable);
    }
    return key;
  }

  private Answer send(HttpRequest request, int texts, long end) {
    var begun = new AtomicBoolean();
    var waiting =
        client()
            .sendAsync(
                request,
                head -> {
                  begun.set(true);
                  return HttpResponse.BodyHandlers.limiting(
                          HttpResponse.BodyHandlers.ofByteArray(),
                          (texts + 1) * ANSWER_BYTES_A_TEXT)
                      .apply(head);
                });
    try {
      var response = waiting.get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
      return response.statusCode() == 200 ? new Vectors(response.body()) : refusal(response);
    } catch (TimeoutException e) {
      throw late();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable("interrupted while " + who() + " was asked", e);
    } catch (ExecutionException e) {
      // A server that has begun to answer and breaks off, or goes on for ever, would do so again.
      return new Refusal(
          !begun.get() && e.getCause() instanceof IOException,
          null,
          new Unavailable(
              who() + " cannot be used: " + e.getCause(),
              e.getCause(),
              "host",
              endpoint.base().getAuthority()));
    } finally {
      waiting.cancel(true);
    }
  }

  private synchronized HttpClient client() {
    var current = client;
    if (current == null) {
      current =
          HttpClient.newBuilder()
              .followRedirects(HttpClient.Redirect.NEVER)
              .connectTimeout(endpoint.deadline())
              .build();
      client = current;
    }
    return current;
  }

  private Refusal refusal(HttpResponse<byte[]> response) {
    int status = response.statusCode();
    boolean passes = status == 408 || status == 429 || status >= 500;
    var message =
        who()
            + " answered "
            + status
            + switch (status) {
              case 401, 403 -> "; give it a key with key=VARIABLE, or another one";
              case 404 -> "; look at the address and at the model's name " + endpoint.model();
              default -> "";
            };
    return new Refusal(
        passes,
        response.headers().firstValue("Retry-After").map(HttpEmbedder::pauseAsked).orElse(null),
        new Unavailable(message, null, "host", endpoint.base().getAuthority(), "status", status));
  }

  /// A number of seconds; the form with a date is passed over.
  private static @Nullable Duration pauseAsked(String header) {
    return header.matches("[0-9]{1,4}") ? Duration.ofSeconds(Integer.parseInt(header)) : null;
  }

  /// Waits before the next attempt: twice as long each time, give or take a half.
  private void rest(Refusal refusal, int attempt, long end) {
    var asked = refusal.pause();
    long nanos =
        asked != null
            ? asked.toNanos()
            : (long) ((pause.toNanos() << (attempt - 1)) * (0.5 + random.nextDouble()));
    if (nanos >= end - System.nanoTime()) {
      throw refusal.failure();
    }
    try {
      TimeUnit.NANOSECONDS.sleep(nanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw refusal.failure();
    }
  }

  private List<float[]> vectors(byte[] body, int count) {
    var answer = parsed(body);
    var vectors = new ArrayList<@Nullable Json>();
    for (int i = 0; i < count; i++) {
      vectors.add(null);
    }
    switch (endpoint.shape()) {
      case OLLAMA -> {
        var items = items(answer.get("embeddings"), count);
        for (int i = 0; i < count; i++) {
          vectors.set(i, items.get(i));
        }
      }
      case OPENAI -> {
        var items = items(answer.get("data"), count);
        for (int i = 0; i < count; i++) {
          if (!(items.get(i) instanceof Json.Obj item)) {
            throw unexpected("data holds something else than objects");
          }
          double index = item.get("index") instanceof Json.Num(var value) ? value : i;
          if (index != Math.rint(index) || index < 0 || index >= count) {
            throw unexpected("an index is out of range");
          }
          vectors.set((int) index, item.get("embedding"));
        }
      }
    }
    return vectors.stream().map(this::vector).toList();
  }

  private Json.Obj parsed(byte[] body) {
    try {
      if (Json.parse(body) instanceof Json.Obj answer) {
        return answer;
      }
    } catch (RemanenceException e) {
      throw new Unavailable(who() + " answered something that is not JSON", e);
    }
    throw unexpected("not an object");
  }

  private List<Json> items(@Nullable Json list, int count) {
    if (!(list instanceof Json.Arr(var items)) || items.size() != count) {
      throw unexpected("not " + count + " vectors");
    }
    return items;
  }

  private float[] vector(@Nullable Json json) {
    if (!(json instanceof Json.Arr(var numbers))
        || numbers.isEmpty()
        || numbers.size() > Limits.VECTOR_DIMENSIONS_MAX) {
      throw unexpected("a vector has 1 to " + Limits.VECTOR_DIMENSIONS_MAX + " numbers");
    }
    var vector = new float[numbers.size()];
    for (int i = 0; i < vector.length; i++) {
      if (!(numbers.get(i) instanceof Json.Num(var number))) {
        throw unexpected("a vector holds something else than numbers");
      }
      vector[i] = (float) number;
    }
    if (!UnitLength.scale(vector)) {
      throw unexpected("a vector is zero or not finite");
    }
    int expected = dimension.updateAndGet(known -> known == 0 ? vector.length : known);
    if (vector.length != expected) {
      throw new Unavailable(
          who() + " gave vectors of " + expected + " numbers, and now one of " + vector.length,
          null,
          "expected",
          expected,
          "found",
          vector.length);
    }
    return vector;
  }

  private Unavailable unexpected(String what) {
    return new Unavailable(
        who() + " answered otherwise than agreed: " + what,
        null,
        "host",
        endpoint.base().getAuthority());
  }

  private Timeout late() {
    return new Timeout(
        who() + " took longer than " + endpoint.deadline().toSeconds() + " s",
        "host",
        endpoint.base().getAuthority(),
        "seconds",
        endpoint.deadline().toSeconds());
  }

  private String who() {
    return "the embedding server at " + endpoint.base().getAuthority();
  }

  @Override
  public void close() {
    turns.close(this::closeClient);
  }

  private synchronized void closeClient() {
    if (client != null) {
      client.shutdownNow();
      client.close();
    }
  }

  private sealed interface Answer {}

  private record Vectors(byte[] body) implements Answer {}

  /// @param passes whether the same request may succeed later
  /// @param pause how long the server asks to wait
  private record Refusal(boolean passes, @Nullable Duration pause, Unavailable failure)
      implements Answer {}
}
