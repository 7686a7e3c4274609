package dev.remanence.daemon.protocol;

import dev.remanence.Json;
import dev.remanence.RemanenceException;
import dev.remanence.RemanenceException.Busy;
import dev.remanence.RemanenceException.Conflict;
import dev.remanence.RemanenceException.CorruptStore;
import dev.remanence.RemanenceException.DiskFull;
import dev.remanence.RemanenceException.Forbidden;
import dev.remanence.RemanenceException.FormatTooNew;
import dev.remanence.RemanenceException.FormatTooOld;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.NotFound;
import dev.remanence.RemanenceException.StoreClosed;
import dev.remanence.RemanenceException.StoreLocked;
import dev.remanence.RemanenceException.Timeout;
import dev.remanence.RemanenceException.TooLarge;
import dev.remanence.RemanenceException.Unavailable;
import dev.remanence.RemanenceException.WriteStopped;
import java.util.ArrayList;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Turns the `error` of an answer into the exception that it was at the owner: the same class,
/// message and facts; only its cause stays there.
///
/// A request that JSON-RPC calls malformed is `InvalidInput`. A fault of the owner, and what a
/// newer one may call by a name that is not known here, is `Unavailable`: the store is not damaged,
/// and this caller cannot use it.
final class Failures {
  private Failures() {}

  /// The result of an answer; throws its error.
  static Json resultOf(Json.Obj answer) {
    if (answer.get("error") instanceof Json.Obj error) {
      throw of(error);
    }
    return Objects.requireNonNull(answer.get("result"), "result");
  }

  static RemanenceException of(Json.Obj error) {
    var message = error.get("message") instanceof Json.Str(var text) ? text : "no message";
    if (!(error.get("data") instanceof Json.Obj data)
        || !(data.get("name") instanceof Json.Str(var name))) {
      return isMalformedRequest(error.get("code"))
          ? new InvalidInput(message)
          : new Unavailable("the owner of the store failed: " + message, null);
    }
    var facts = facts(data);
    return switch (name) {
      case "NotFound" -> new NotFound(message, facts);
      case "Conflict" -> new Conflict(message, facts);
      case "InvalidInput" -> new InvalidInput(message, facts);
      case "TooLarge" -> new TooLarge(message, facts);
      case "Forbidden" -> new Forbidden(message, facts);
      case "Busy" -> new Busy(message, facts);
      case "Timeout" -> new Timeout(message, facts);
      case "StoreLocked" -> new StoreLocked(message, facts);
      case "StoreClosed" -> new StoreClosed(message, facts);
      case "CorruptStore" -> new CorruptStore(message, facts);
      case "WriteStopped" -> new WriteStopped(message, null, facts);
      case "DiskFull" -> new DiskFull(message, null, facts);
      case "FormatTooNew" -> new FormatTooNew(message, facts);
      case "FormatTooOld" -> new FormatTooOld(message, facts);
      case "Unavailable" -> new Unavailable(message, null, facts);
      default -> new Unavailable("the owner of the store failed: " + name + ": " + message, null);
    };
  }

  private static boolean isMalformedRequest(@Nullable Json code) {
    return code instanceof Json.Num(var number)
        && (number == RpcLine.PARSE_ERROR
            || number == RpcLine.INVALID_REQUEST
            || number == RpcLine.METHOD_NOT_FOUND
            || number == RpcLine.INVALID_PARAMS);
  }

  private static Object[] facts(Json.Obj data) {
    var facts = new ArrayList<Object>();
    data.fields()
        .forEach((name, value) -> {
          var fact = fact(value);
          if (!name.equals("name") && fact != null) {
            facts.add(name);
            facts.add(fact);
          }
        });
    return facts.toArray();
  }

  private static @Nullable Object fact(Json value) {
    return switch (value) {
      case Json.Str(var text) -> text;
      case Json.Bool(var flag) -> flag;
      // An int where it fits, as most facts of the engine are.
      case Json.Num(var number) when number == (int) number -> (int) number;
      case Json.Num(var number) when number == (long) number -> (long) number;
      case Json.Num(var number) -> number;
      case Json.Obj _, Json.Arr _, Json.Null _ -> null;
    };
  }
}
