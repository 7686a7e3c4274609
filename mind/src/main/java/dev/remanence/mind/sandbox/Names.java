package dev.remanence.mind.sandbox;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The names of a function while it is read: which are its own, and how deep it nests.
final class Names {
  /// What a comprehension is called, which has names but is no function.
  static final String COMPREHENSION = "<comprehension>";

  final String function;
  final @Nullable Names outer;
  final Set<String> locals = new HashSet<>();
  final Set<String> globals = new HashSet<>();
  final Set<String> nonlocals = new HashSet<>();
  private int height = 10;

  Names(String function, @Nullable Names outer) {
    this.function = function;
    this.outer = outer;
  }

  /// A name is assigned here.
  void bind(String name) {
    if (!globals.contains(name) && !nonlocals.contains(name)) {
      locals.add(name);
    }
  }

  /// A walrus binds in the function, not in the comprehension that it stands in.
  void bindInFunction(String name) {
    var names = this;
    while (names.function.equals(COMPREHENSION) && names.outer != null) {
      names = names.outer;
    }
    names.bind(name);
  }

  boolean isFunction() {
    return outer != null && !function.equals(COMPREHENSION);
  }

  boolean isInFunction() {
    for (var names = this; names != null; names = names.outer) {
      if (names.isFunction()) {
        return true;
      }
    }
    return false;
  }

  /// Whether a function around this one has the name.
  boolean isAround(String name) {
    for (var names = outer; names != null && names.outer != null; names = names.outer) {
      if (names.locals.contains(name)) {
        return true;
      }
    }
    return false;
  }

  void nests(int levels) {
    height = Math.max(height, levels + 10);
  }

  FunctionCode code(List<FunctionCode.Parameter> parameters, List<Stmt> body) {
    return new FunctionCode(
        function,
        parameters,
        body,
        Set.copyOf(locals),
        Set.copyOf(globals),
        Set.copyOf(nonlocals),
        height);
  }
}
