package dev.remanence.mind.sandbox;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A function as it was read: `def`, `lambda`, or the program itself.
///
/// @param locals names that are assigned in it
/// @param globals names that it declares global
/// @param nonlocals names that it declares to be of a function around it
/// @param height how deep its body nests
record FunctionCode(
    String name,
    List<Parameter> parameters,
    List<Stmt> body,
    Set<String> locals,
    Set<String> globals,
    Set<String> nonlocals,
    int height) {

  /// What a call fills.
  ///
  /// @param fallback the expression after `=`, or null
  record Parameter(String name, Kind kind, @Nullable Expr fallback) {}

  enum Kind {
    POSITIONAL_ONLY,
    PLAIN,
    STAR,
    NAMED_ONLY,
    DOUBLE_STAR
  }
}
