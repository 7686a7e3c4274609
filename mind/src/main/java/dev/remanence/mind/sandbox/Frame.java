package dev.remanence.mind.sandbox;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The variables of one call, of one comprehension, or of the program.
final class Frame {
  final FunctionCode code;

  /// The frame around it in the text, or null for the program.
  final @Nullable Frame outer;

  final Map<String, Object> variables = new HashMap<>();

  /// The line that is being executed.
  int line;

  /// What `return` gave.
  Object returned = Value.None.NONE;

  Frame(FunctionCode code, @Nullable Frame outer) {
    this.code = code;
    this.outer = outer;
    this.line = outer == null ? 1 : outer.line;
  }

  Frame global() {
    var frame = this;
    while (frame.outer != null) {
      frame = frame.outer;
    }
    return frame;
  }

  /// The value of a name, or null where neither this frame nor one around it has it.
  @Nullable Object load(String name) {
    var start = code.globals().contains(name) ? global() : this;
    for (var frame = start; frame != null; frame = frame.outer) {
      var value = frame.variables.get(name);
      if (value != null) {
        return value;
      }
      if (frame.outer != null && frame.code.locals().contains(name)) {
        throw new GuestError(
            ExceptionType.UNBOUND_LOCAL,
            frame == this
                ? "cannot access local variable '"
                    + name
                    + "' where it is not associated with a value"
                : "cannot access free variable '"
                    + name
                    + "' where it is not associated with a value in enclosing scope");
      }
    }
    return null;
  }

  void store(String name, Object value) {
    home(name).variables.put(name, value);
  }

  void delete(String name) {
    var home = home(name);
    if (home.variables.remove(name) == null) {
      throw home.outer == null
          ? new GuestError(ExceptionType.NAME, "name '" + name + "' is not defined")
          : new GuestError(
              ExceptionType.UNBOUND_LOCAL,
              "cannot access local variable '"
                  + name
                  + "' where it is not associated with a value");
    }
  }

  /// The frame to which a name belongs when it is assigned here.
  private Frame home(String name) {
    if (code.globals().contains(name)) {
      return global();
    }
    if (code.nonlocals().contains(name)) {
      for (var frame = outer; frame != null && frame.outer != null; frame = frame.outer) {
        if (frame.code.locals().contains(name)) {
          return frame;
        }
      }
    }
    return this;
  }
}
