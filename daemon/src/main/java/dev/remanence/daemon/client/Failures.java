package dev.remanence.daemon.client;

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
import dev.remanence.daemon.protocol.RpcLine;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/// Turns the `error` of an answer back into the exception that the owner threw: the same class,
/// message and facts; only its cause stays with the owner.
///
/// A request that JSON-RPC calls malformed is `InvalidInput`. A fault of the owner, and what a
/// newer one may call by a name that is not known here, is `Unavailable`: the store is not damaged,
/// and this caller cannot use it.
final class Failures {
  private Failures() {}

  static RemanenceException of(Json.Obj error) {
    var message = error.get("message") instanceof Json.Str(var text) ? text : "";
    long code = error.get("code") instanceof Json.Num(var number) ? (long) number : 0;
    var data = error.get("data") instanceof Json.Obj object ? object : Json.object().build();
    if (code == RpcLine.APPLICATION_ERROR && data.get("name") instanceof Json.Str(var name)) {
      return named(name, message, facts(data));
    }
    if (code == RpcLine.PARSE_ERROR
        || code == RpcLine.INVALID_REQUEST
        || code == RpcLine.METHOD_NOT_FOUND
        || code == RpcLine.INVALID_PARAMS) {
      return new InvalidInput(message, "code", (int) code);
    }
    return new Unavailable("the owner of the store failed: " + message, null, "code", (int) code);
  }

  private static RemanenceException named(String name, String message, Object[] facts) {
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
      default ->
          new Unavailable(
              "the owner of the store answered "
                  + name
                  + ", which this version does not know: "
                  + message,
              null,
              facts);
    };
  }

  /// Names and values in turn, as the exceptions take them.
  private static Object[] facts(Json.Obj data) {
    var facts = new ArrayList<Object>();
    data.fields()
        .forEach((name, value) -> {
          var fact = fact(value);
          if (fact != null && !name.equals("name")) {
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
      case Json.Num(var number) when number == (int) number -> (int) number;
      case Json.Num(var number) when number == (long) number -> (long) number;
      case Json.Num(var number) -> number;
      case Json.Null _ -> null;
      case Json.Obj _, Json.Arr _ -> value.toString();
    };
  }
}
