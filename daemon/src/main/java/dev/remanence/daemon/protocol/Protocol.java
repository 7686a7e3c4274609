package dev.remanence.daemon.protocol;

import dev.remanence.Json;
import dev.remanence.Limits;
import dev.remanence.Remanence;
import dev.remanence.Remanence.Progress;
import dev.remanence.RemanenceException.Forbidden;
import dev.remanence.RemanenceException.InvalidInput;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The one table of methods, and the way from a method's name and its params to an answer. Every
/// surface goes through here: the pipe, the command line, the reference in docs/protocol.md.
///
/// A Protocol serves one store to callers with one default scope; it holds no other state and is as
/// thread-safe as the store.
public final class Protocol implements Calls {
  /// Every method, in the order of the reference.
  public static final List<Method> METHODS = methods();

  /// The scope of a caller who names none.
  public static final String STANDARD_SCOPE = "global";

  private final Remanence store;
  private final String scope;

  public Protocol(Remanence store, String scope) {
    this.store = store;
    this.scope = Limits.scope(scope);
  }

  private static List<Method> methods() {
    var all = new ArrayList<Method>();
    all.addAll(WriteMethods.methods());
    all.addAll(ReadMethods.methods());
    all.addAll(FactMethods.methods());
    all.addAll(TurnMethods.methods());
    all.addAll(MindMethods.methods());
    all.addAll(AssemblyMethods.methods());
    all.addAll(ConflictMethods.methods());
    all.addAll(HistoryMethods.methods());
    all.addAll(CareMethods.methods());
    all.addAll(AccessMethods.methods());
    all.addAll(ConnectionMethods.methods());
    return List.copyOf(all);
  }

  /// The method with this name, or null.
  public static @Nullable Method method(String name) {
    for (var method : METHODS) {
      if (method.name().equals(name)) {
        return method;
      }
    }
    return null;
  }

  /// The names of all methods, in the order of the reference.
  public static List<String> names() {
    var names = new ArrayList<String>();
    for (var method : METHODS) {
      names.add(method.name());
    }
    return names;
  }

  public Json dispatch(String name, Json.Obj params) {
    return dispatch(name, params, Progress.NONE);
  }

  /// Answers a call over the store. A method that wants the store closed is refused.
  @Override
  public Json dispatch(String name, Json.Obj params, Progress progress) {
    var method = known(name);
    var checked = new Params("", params, method.parameters(), scope);
    if (method.isOfConnection()) {
      throw new Forbidden(name + " wants a connection to the store's owner", "method", name);
    }
    if (method.onStore() == null) {
      throw new Forbidden(
          name + " wants a store that is not open; run: remanence " + name, "method", name);
    }
    return method.onStore().answer(store, checked, progress);
  }

  /// Answers a call about a connection.
  public static Json dispatch(Conversation conversation, Method method, Json.Obj params) {
    var checked = new Params("", params, method.parameters(), STANDARD_SCOPE);
    return Objects.requireNonNull(method.onConnection()).answer(conversation, checked);
  }

  /// Answers a call over the directory of a store that is not open here. A method that wants an
  /// open store is refused.
  public static Json dispatch(Path directory, String name, Json.Obj params, Progress progress) {
    var method = known(name);
    var checked = new Params("", params, method.parameters(), STANDARD_SCOPE);
    if (method.onDirectory() == null) {
      throw new Forbidden(name + " wants an open store", "method", name);
    }
    return method.onDirectory().answer(directory, checked, progress);
  }

  /// `export` into a stream that the caller has open.
  public long exportTo(OutputStream out, Progress progress) {
    return store.exportTo(out, progress);
  }

  /// `import` from a stream that the caller has open; `file` in the params only names it.
  public Json importFrom(InputStream in, Json.Obj params, Progress progress) {
    var checked = new Params("", params, known("import").parameters(), scope);
    return CareMethods.importFrom(store, in, checked, progress);
  }

  private static Method known(String name) {
    var method = method(name);
    if (method == null) {
      throw new InvalidInput(unknown(name), "field", "method", "found", Params.quoted(name));
    }
    return method;
  }

  /// What to say of a method that is not in the table.
  static String unknown(String name) {
    var nearest = Nearest.to(name, names());
    return "unknown method "
        + Params.quoted(name)
        + (nearest == null
            ? "; known are " + String.join(", ", names())
            : "; did you mean " + nearest + "?");
  }
}
