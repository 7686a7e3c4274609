package dev.remanence.mind.llm;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remanence.Json;
import dev.remanence.RemanenceException;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.TooLarge;
import dev.remanence.RemanenceException.Unavailable;
import dev.remanence.mind.llm.Breaker.Outcome;
import dev.remanence.mind.llm.Dialect.Said;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A language model behind an endpoint: docs/llm.md. It answers what fits the schema that it was
/// asked with, or throws one of the family's errors; whoever asks has an answer of their own for
/// that case. Nothing that it answers is to be trusted beyond its form.
///
/// Safe for many threads. Nothing is sent, read or written before the first question.
public final class Model implements AutoCloseable {
  /// Characters of data in one question; more is refused.
  public static final int DATA_CHARS_MAX = 32_000;

  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final int REPEATED_CHARS_MAX = 8_000;

  private final Endpoint endpoint;
  private final Key key;
  private final RandomGenerator random;
  private final Calls calls;
  private final Breaker breaker;
  private final Budget budget;

  /// Whether the endpoint has refused the richer form of a request.
  private volatile boolean plain;

  Model(
      Endpoint endpoint,
      Function<String, @Nullable String> environment,
      Path directory,
      InstantSource clock,
      RandomGenerator random,
      Duration pause) {
    this.endpoint = endpoint;
    this.key = new Key(environment);
    this.random = random;
    this.calls = new Calls(endpoint, random, pause);
    this.breaker = new Breaker(endpoint.who(), clock);
    this.budget = new Budget(directory, clock, endpoint);
  }

  /// The model that `REMANENCE_LLM` names, or null where it is not set or empty.
  ///
  /// @param environment the variables: `System::getenv`
  /// @param directory where the budget of the day is kept; of one process
  /// @param random spreads retries and makes the marks around data, so it must not be guessable
  public static @Nullable Model open(
      Function<String, @Nullable String> environment,
      Path directory,
      InstantSource clock,
      RandomGenerator random) {
    var setting = environment.apply(Endpoint.VARIABLE);
    return setting == null || setting.isBlank()
        ? null
        : new Model(Endpoint.parse(setting.strip()), environment, directory, clock, random, PAUSE);
  }

  /// The model's own name.
  public String name() {
    return endpoint.model();
  }

  /// Asks. The answer fits the schema; one that does not is sent back once with what is wrong.
  public Json.Obj ask(Prompt prompt, Schema.Obj schema) {
    var data = prompt.data().toString();
    if (data.length() > DATA_CHARS_MAX) {
      throw new TooLarge(
          "a question holds at most " + DATA_CHARS_MAX + " characters of data",
          "chars",
          data.length());
    }
    breaker.enter();
    var outcome = Outcome.NEITHER;
    try {
      switch (answered(prompt, data, schema)) {
        case Fits(var answer) -> {
          outcome = Outcome.GOOD;
          return answer;
        }
        case Failed(var failure, boolean counts) -> {
          outcome = counts ? Outcome.BAD : Outcome.NEITHER;
          throw failure;
        }
        case Misfits(_, var error) -> {
          outcome = Outcome.BAD;
          throw unavailable("answered twice in another form than asked for: " + error);
        }
      }
    } finally {
      breaker.leave(outcome);
    }
  }

  private sealed interface Answered {}

  private record Fits(Json.Obj answer) implements Answered {}

  /// @param text what the model said
  private record Misfits(String text, String error) implements Answered {}

  /// @param counts whether it speaks against the endpoint
  private record Failed(RemanenceException failure, boolean counts) implements Answered {}

  private Answered answered(Prompt prompt, String data, Schema.Obj schema) {
    var fence = fence(data);
    var instructions =
        prompt.instructions()
            + "\n\n"
            + Prompt.text("data", Map.of("fence", fence))
            + "\n\n"
            + Prompt.text("answer", Map.of("schema", schema.json().toString()));
    var said = new ArrayList<Said>();
    said.add(new Said(false, "BEGIN " + fence + "\n" + data + "\nEND " + fence));
    var first = once(instructions, said, schema);
    if (!(first instanceof Misfits(var text, var error))) {
      return first;
    }
    said.add(new Said(true, shortened(text)));
    said.add(new Said(false, Prompt.text("repair", Map.of("error", error))));
    return once(instructions, said, schema);
  }

  /// Marks that the data cannot hold, because nobody knew them when it was written.
  private String fence(String data) {
    String fence;
    do {
      fence = Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong());
    } while (data.contains(fence));
    return fence;
  }

  /// Never empty: a message without text is refused by some.
  private static String shortened(String text) {
    int end = Math.min(text.length(), REPEATED_CHARS_MAX);
    boolean amidPair = end < text.length() && Character.isHighSurrogate(text.charAt(end - 1));
    var some = text.substring(0, amidPair ? end - 1 : end);
    return some.isBlank() ? "(nothing)" : some;
  }

  private Answered once(String instructions, List<Said> said, Schema.Obj schema) {
    boolean asPlain = plain;
    var answered = paid(instructions, said, schema, asPlain);
    if (answered instanceof Failed(Unavailable failure, _)
        && !asPlain
        && endpoint.dialect().hasPlain()
        && failure.facts().get("status") instanceof Integer status
        && (status == 400 || status == 422)) {
      plain = true;
      return paid(instructions, said, schema, true);
    }
    return answered;
  }

  private Answered paid(String instructions, List<Said> said, Schema.Obj schema, boolean asPlain) {
    var dialect = endpoint.dialect();
    var body =
        dialect
            .request(endpoint.model(), instructions, said, schema, asPlain)
            .toString()
            .getBytes(UTF_8);
    // Of English a token is some four bytes; of other scripts, about three.
    long tokensIn = body.length / 3 + 1L;
    List<String> headers;
    Budget.Taken taken;
    try {
      headers = dialect.headers(key.read());
      taken = budget.take(tokensIn, Dialect.ANSWER_TOKENS_MAX);
    } catch (RemanenceException e) {
      return new Failed(e, false);
    }
    long spentIn = tokensIn;
    long spentOut = Dialect.ANSWER_TOKENS_MAX;
    try {
      return switch (calls.post(headers, body)) {
        case Calls.NoReply(var failure, boolean sent) -> {
          spentIn = sent ? tokensIn : 0;
          spentOut = 0;
          yield new Failed(failure, !Thread.currentThread().isInterrupted());
        }
        case Calls.Reply(int status, _) when status != 200 -> {
          spentIn = 0;
          spentOut = 0;
          yield new Failed(refused(status), true);
        }
        case Calls.Reply(_, var bytes) -> {
          var read = read(bytes);
          if (read instanceof Failure(var failure)) {
            spentOut = bytes.length / 3;
            yield new Failed(failure, true);
          }
          var answer = ((Understood) read).answer;
          spentIn = answer.tokensIn() < 0 ? tokensIn : answer.tokensIn();
          spentOut = answer.tokensOut() < 0 ? bytes.length / 3 : answer.tokensOut();
          yield switch (answer) {
            case Dialect.Declined(var why, _, _) ->
                new Failed(unavailable("gave none: " + why), false);
            case Dialect.Text(var text, _, _) ->
                switch (Answers.read(text, schema)) {
                  case Answers.Fits(var object) -> new Fits(object);
                  case Answers.Misfits(var error) -> new Misfits(text, error);
                };
          };
        }
      };
    } finally {
      budget.settle(taken, spentIn, spentOut);
    }
  }

  private sealed interface Read {}

  private record Understood(Dialect.Answer answer) implements Read {}

  private record Failure(RemanenceException failure) implements Read {}

  private Read read(byte[] bytes) {
    Json json;
    try {
      json = Json.parse(bytes);
    } catch (RemanenceException _) {
      // Its message may hold a piece of what came.
      return new Failure(unavailable("answered something that is not JSON"));
    }
    try {
      return json instanceof Json.Obj body
          ? new Understood(endpoint.dialect().answer(body))
          : new Failure(unavailable("answered something that is not an object"));
    } catch (InvalidInput e) {
      return new Failure(unavailable("answered otherwise than agreed: " + e.getMessage()));
    }
  }

  private Unavailable refused(int status) {
    var hint =
        switch (status) {
          case 401, 403 -> "; set " + Key.VARIABLE + ", or look at the key";
          case 404 -> "; look at the address and at the model's name " + endpoint.model();
          case 429 -> "; it wants fewer calls";
          default -> "";
        };
    return new Unavailable(
        endpoint.who() + " answered " + status + hint,
        null,
        "host",
        endpoint.base().getAuthority(),
        "status",
        status);
  }

  private Unavailable unavailable(String what) {
    return new Unavailable(
        endpoint.who() + " " + what, null, "host", endpoint.base().getAuthority());
  }

  @Override
  public void close() {
    calls.close();
  }

  @Override
  public String toString() {
    return "Model[" + endpoint.model() + " at " + endpoint.base().getAuthority() + "]";
  }
}
