package dev.remanence.mind.sandbox;

import org.jspecify.annotations.Nullable;

/// The kinds of exceptions that a guest can raise and catch, as Python arranges them; those of the
/// store stand below `RemanenceError`, under the names that they have on every surface.
enum ExceptionType implements Value {
  BASE_EXCEPTION("BaseException", null),
  EXCEPTION("Exception", BASE_EXCEPTION),
  ARITHMETIC("ArithmeticError", EXCEPTION),
  ZERO_DIVISION("ZeroDivisionError", ARITHMETIC),
  OVERFLOW("OverflowError", ARITHMETIC),
  LOOKUP("LookupError", EXCEPTION),
  INDEX("IndexError", LOOKUP),
  KEY("KeyError", LOOKUP),
  VALUE("ValueError", EXCEPTION),
  JSON_DECODE("JSONDecodeError", VALUE),
  STATISTICS("StatisticsError", VALUE),
  TYPE("TypeError", EXCEPTION),
  NAME("NameError", EXCEPTION),
  UNBOUND_LOCAL("UnboundLocalError", NAME),
  ATTRIBUTE("AttributeError", EXCEPTION),
  RUNTIME("RuntimeError", EXCEPTION),
  NOT_IMPLEMENTED("NotImplementedError", RUNTIME),
  RECURSION("RecursionError", RUNTIME),
  STOP_ITERATION("StopIteration", EXCEPTION),
  ASSERTION("AssertionError", EXCEPTION),
  IMPORT("ImportError", EXCEPTION),
  MODULE_NOT_FOUND("ModuleNotFoundError", IMPORT),
  SYNTAX("SyntaxError", EXCEPTION),
  MEMORY("MemoryError", EXCEPTION),
  REGEX("PatternError", EXCEPTION),
  OS("OSError", EXCEPTION),
  TIMEOUT_ERROR("TimeoutError", OS),
  PERMISSION("PermissionError", OS),
  REMANENCE("RemanenceError", EXCEPTION),
  NOT_FOUND("NotFound", REMANENCE),
  CONFLICT("Conflict", REMANENCE),
  INVALID_INPUT("InvalidInput", REMANENCE),
  TOO_LARGE("TooLarge", REMANENCE),
  FORBIDDEN("Forbidden", REMANENCE),
  BUSY("Busy", REMANENCE),
  TIMEOUT("Timeout", REMANENCE),
  UNAVAILABLE("Unavailable", REMANENCE);

  private final String word;
  private final @Nullable ExceptionType parent;

  ExceptionType(String word, @Nullable ExceptionType parent) {
    this.word = word;
    this.parent = parent;
  }

  String word() {
    return word;
  }

  boolean isA(ExceptionType other) {
    for (var type = this; type != null; type = type.parent) {
      if (type == other) {
        return true;
      }
    }
    return false;
  }

  /// The kind for a failure of the store, by its name; `RemanenceError` where it has none.
  static ExceptionType ofStore(String name) {
    for (var type : values()) {
      if (type.parent == REMANENCE && type.word.equals(name)) {
        return type;
      }
    }
    return REMANENCE;
  }
}
