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

  private final Protocol protocol;

  public RpcLine(Protocol protocol) {
    this.protocol = protocol;
  }

  /// The answer to one line, without a line's end; null where none is due.
  public @Nullable String answer(byte[] line) {
    return answer(line, Progress.NONE);
  }

  /// The answer to one line, whose long operations tell how far they are.
  public @Nullable String answer(byte[] line, Progress progress) {
    Json message;
    try {
      message = Json.parse(line);
    } catch (InvalidInput | TooLarge failure) {
      return error(new Json.Null(), PARSE_ERROR, String.valueOf(failure.getMessage())).toString();
    }
    var answer =
        message instanceof Json.Arr(var requests)
            ? answerAll(requests, progress)
            : answerOne(message, progress);
    return answer == null ? null : answer.toString();
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
    return response(new Json.Null(), "error", error(failure)).toString();
  }

  /// Answers an array of requests in their order. Each is a call of its own: `rememberAll` is what
  /// commits at once.
  private @Nullable Json answerAll(List<Json> requests, Progress progress) {
    if (requests.isEmpty() || requests.size() > BATCH_REQUESTS_MAX) {
      return error(
          new Json.Null(),
          INVALID_REQUEST,
          "an array has 1 to " + BATCH_REQUESTS_MAX + " requests; found " + requests.size());
    }
    var answers = new ArrayList<Json>();
    for (var request : requests) {
      var answer = answerOne(request, progress);
      if (answer != null) {
        answers.add(answer);
      }
    }
    return answers.isEmpty() ? null : Json.array(answers);
  }

  private @Nullable Json answerOne(Json message, Progress progress) {
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
    var answer = call(id, name, request.get("params"), progress);
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

  private Json call(@Nullable Json id, String name, @Nullable Json params, Progress progress) {
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
      return response(id, "result", protocol.dispatch(name, named, progress));
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

  private static Json response(@Nullable Json id, String name, Json value) {
    return Json.object()
        .put("jsonrpc", "2.0")
        .put("id", id == null ? new Json.Null() : id)
        .put(name, value)
        .build();
  }
}
