package dev.remanence.daemon.protocol;

import dev.remanence.Json;
import dev.remanence.Remanence.Progress;
import dev.remanence.RemanenceException;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.TooLarge;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// JSON-RPC 2.0, a line a message: one line of UTF-8 in, one line out, or none for a notification.
///
/// Malformed requests are answered with the codes of JSON-RPC. Every failure of the engine is
/// `{code: -32000, message, data: {name, …facts}}`. Nothing is thrown.
public final class RpcLine {
  /// A longer line is refused; whoever reads lines refuses it before it is in memory.
  public static final int LINE_BYTES_MAX = 16 << 20;

  /// Requests in one array.
  public static final int BATCH_REQUESTS_MAX = 1000;

  public static final int PARSE_ERROR = -32700;
  public static final int INVALID_REQUEST = -32600;
  public static final int METHOD_NOT_FOUND = -32601;
  public static final int INVALID_PARAMS = -32602;
  public static final int INTERNAL_ERROR = -32603;
  public static final int APPLICATION_ERROR = -32000;

  private static final System.Logger LOG = System.getLogger(RpcLine.class.getName());

  private static final Set<String> MEMBERS = Set.of("jsonrpc", "id", "method", "params");

  /// How often a long call tells how far it is.
  private static final long PROGRESS_NANOS = 100_000_000;

  private final Calls calls;
  private final Consumer<Json.Obj> notifications;

  public RpcLine(Calls calls) {
    this(calls, _ -> {});
  }

  /// @param notifications takes what is to be told while a call goes on
  public RpcLine(Calls calls, Consumer<Json.Obj> notifications) {
    this.calls = calls;
    this.notifications = notifications;
  }

  /// The answer to one line, without a line's end; null where none is due.
  public @Nullable String answer(byte[] line) {
    Json message;
    try {
      message = Json.parse(line);
    } catch (InvalidInput | TooLarge failure) {
      return error(new Json.Null(), PARSE_ERROR, String.valueOf(failure.getMessage())).toString();
    }
    var answer =
        message instanceof Json.Arr(var requests) ? answerAll(requests) : answerOne(message);
    return answer == null ? null : answer.toString();
  }

  /// The answer to what was refused before it was read.
  public static String refusal(RemanenceException failure) {
    return refusal(new Json.Null(), failure).toString();
  }

  /// The answer to a request that failed before anybody could look at it.
  public static Json.Obj refusal(Json id, RemanenceException failure) {
    return response(id, "error", error(failure));
  }

  /// The answer to a line that is longer than [#LINE_BYTES_MAX].
  public static String tooLong() {
    var failure =
        new TooLarge(
            "a line has at most " + LINE_BYTES_MAX + " bytes; it was skipped",
            "field",
            "line",
            "max",
            LINE_BYTES_MAX);
    return refusal(failure);
  }

  /// Answers an array of requests in their order. Each is a call of its own: `rememberAll` is what
  /// commits at once.
  private @Nullable Json answerAll(List<Json> requests) {
    if (requests.isEmpty() || requests.size() > BATCH_REQUESTS_MAX) {
      return error(
          new Json.Null(),
          INVALID_REQUEST,
          "an array has 1 to " + BATCH_REQUESTS_MAX + " requests; found " + requests.size());
    }
    var answers = new ArrayList<Json>();
    for (var request : requests) {
      var answer = answerOne(request);
      if (answer != null) {
        answers.add(answer);
      }
    }
    return answers.isEmpty() ? null : Json.array(answers);
  }

  private @Nullable Json answerOne(Json message) {
    if (!(message instanceof Json.Obj request)) {
      return error(
          new Json.Null(),
          INVALID_REQUEST,
          "a request is an object; found " + Params.typeOf(message));
    }
    var id = request.get("id");
    var refusal = refusal(request, id);
    if (refusal != null) {
      return error(isId(id) ? id : new Json.Null(), INVALID_REQUEST, refusal);
    }
    if (!(request.get("method") instanceof Json.Str(var name))) {
      return error(id, INVALID_REQUEST, "method is a string");
    }
    var answer = call(id, name, request.get("params"));
    return id == null ? null : answer;
  }

  /// What is wrong with a request's envelope, or null.
  private static @Nullable String refusal(Json.Obj request, @Nullable Json id) {
    if (!(request.get("jsonrpc") instanceof Json.Str(var version)) || !version.equals("2.0")) {
      return "a request has \"jsonrpc\": \"2.0\"";
    }
    if (id != null && !isId(id)) {
      return "id is a string, a number or null; found " + Params.typeOf(id);
    }
    for (var name : request.fields().keySet()) {
      if (!MEMBERS.contains(name)) {
        return "a request has jsonrpc, id, method and params; found "
            + Params.quoted(name)
            + ", which may belong into params";
      }
    }
    return null;
  }

  private static boolean isId(@Nullable Json id) {
    return switch (id) {
      case Json.Str _, Json.Num _, Json.Null _ -> true;
      case Json.Obj _, Json.Arr _, Json.Bool _ -> false;
      case null -> false;
    };
  }

  private Json call(@Nullable Json id, String name, @Nullable Json params) {
    if (Protocol.method(name) == null) {
      return error(id, METHOD_NOT_FOUND, Protocol.unknown(name));
    }
    if (params != null && !(params instanceof Json.Obj)) {
      return error(
          id,
          INVALID_PARAMS,
          "params is an object of named parameters; found " + Params.typeOf(params));
    }
    var named = params instanceof Json.Obj object ? object : new Json.Obj(Map.of());
    try {
      return response(id, "result", calls.dispatch(name, named, progress(id)));
    } catch (RemanenceException failure) {
      return response(id, "error", error(failure));
    } catch (RuntimeException | Error fault) {
      LOG.log(System.Logger.Level.ERROR, "a fault in " + name, fault);
      return error(
          id,
          INTERNAL_ERROR,
          "a fault of ours in " + name + ": " + fault.getClass().getSimpleName());
    }
  }

  private Progress progress(@Nullable Json id) {
    return id == null ? Progress.NONE : new Told(id);
  }

  /// Tells the progress of one call, not too often.
  private final class Told implements Progress {
    private final Json id;
    private long told = System.nanoTime();

    Told(Json id) {
      this.id = id;
    }

    @Override
    public void at(long done, long total) {
      long now = System.nanoTime();
      if (now - told >= PROGRESS_NANOS) {
        told = now;
        notifications.accept(
            notification(
                "progress",
                Json.object().put("id", id).put("done", done).put("total", total).build()));
      }
    }
  }

  public static Json.Obj notification(String method, Json.Obj params) {
    return Json.object().put("jsonrpc", "2.0").put("method", method).put("params", params).build();
  }

  /// A failure of the engine as the `error` of an answer.
  public static Json.Obj error(RemanenceException failure) {
    var data = Json.object().put("name", failure.name());
    failure
        .facts()
        .forEach((name, fact) -> {
          if (!name.equals("name")) {
            data.put(name, fact(fact));
          }
        });
    return Json.object()
        .put("code", APPLICATION_ERROR)
        .put("message", String.valueOf(failure.getMessage()))
        .put("data", data.build())
        .build();
  }

  /// The exception that an `error` was made of.
  public static RemanenceException failure(Json.Obj error) {
    return Failures.of(error);
  }

  /// The result of an answer; throws its error.
  public static Json resultOf(Json.Obj answer) {
    return Failures.resultOf(answer);
  }

  private static Json fact(Object fact) {
    return switch (fact) {
      case Integer number -> Json.of(number.longValue());
      case Long number when Math.abs(number) < 1L << 53 -> Json.of(number.longValue());
      case Double number when Double.isFinite(number) -> Json.of(number.doubleValue());
      case Boolean flag -> Json.of(flag.booleanValue());
      default -> Json.of(fact.toString());
    };
  }

  private static Json error(@Nullable Json id, int code, String message) {
    return response(id, "error", Json.object().put("code", code).put("message", message).build());
  }

  private static Json.Obj response(@Nullable Json id, String name, Json value) {
    return Json.object()
        .put("jsonrpc", "2.0")
        .put("id", id == null ? new Json.Null() : id)
        .put(name, value)
        .build();
  }
}
