package dev.remanence.mind.sandbox;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// An expression as it was read.
sealed interface Expr {
  record Constant(Object value) implements Expr {}

  record Name(String name) implements Expr {}

  record Attribute(Expr target, String name, int line) implements Expr {}

  record Subscript(Expr target, Expr index, int line) implements Expr {}

  record Slice(@Nullable Expr start, @Nullable Expr stop, @Nullable Expr step) implements Expr {}

  record Call(Expr callee, List<Argument> arguments, int line) implements Expr {}

  record Unary(UnaryOperator operator, Expr operand) implements Expr {}

  record Binary(BinaryOperator operator, Expr left, Expr right, int line) implements Expr {}

  record Logic(boolean and, Expr left, Expr right) implements Expr {}

  /// `first op operand op operand …`
  record Compare(Expr first, List<Comparison> rest) implements Expr {}

  record Conditional(Expr test, Expr yes, Expr no) implements Expr {}

  record Lambda(FunctionCode code) implements Expr {}

  record ListDisplay(List<Expr> items) implements Expr {}

  record TupleDisplay(List<Expr> items) implements Expr {}

  record SetDisplay(List<Expr> items) implements Expr {}

  record DictDisplay(List<Entry> entries) implements Expr {}

  /// A comprehension or a generator expression; `value` is there in one of a dict. The code holds
  /// the names that it binds.
  record Comprehension(
      Form form, Expr element, @Nullable Expr value, List<Clause> clauses, FunctionCode code)
      implements Expr {}

  record Starred(Expr value) implements Expr {}

  record Walrus(String name, Expr value) implements Expr {}

  record Formatted(List<Part> parts) implements Expr {}

  /// What a call is given.
  ///
  /// @param name what it is given as; null for a bare one
  record Argument(Passing passing, @Nullable String name, Expr value) {}

  enum Passing {
    BARE,
    NAMED,
    STAR,
    DOUBLE_STAR
  }

  record Comparison(CompareOperator operator, Expr operand) {}

  /// What a dict is made of.
  ///
  /// @param key null where the value is a dict to be merged in
  record Entry(@Nullable Expr key, Expr value) {}

  enum Form {
    LIST,
    SET,
    DICT,
    GENERATOR
  }

  record Clause(Expr target, Expr source, List<Expr> tests) {}

  /// A piece of an f-string.
  sealed interface Part {}

  record Plain(String text) implements Part {}

  /// A value within an f-string.
  ///
  /// @param conversion `r`, `s` or `a`; 0 for none
  record Field(Expr value, char conversion, @Nullable Formatted format) implements Part {}

  enum UnaryOperator {
    NEGATE("-"),
    PLUS("+"),
    INVERT("~"),
    NOT("not");

    final String symbol;

    UnaryOperator(String symbol) {
      this.symbol = symbol;
    }
  }

  enum BinaryOperator {
    ADD("+"),
    SUBTRACT("-"),
    MULTIPLY("*"),
    DIVIDE("/"),
    FLOOR_DIVIDE("//"),
    MODULO("%"),
    POWER("**"),
    SHIFT_LEFT("<<"),
    SHIFT_RIGHT(">>"),
    AND("&"),
    OR("|"),
    XOR("^");

    final String symbol;

    BinaryOperator(String symbol) {
      this.symbol = symbol;
    }

    static @Nullable BinaryOperator of(String symbol) {
      for (var operator : values()) {
        if (operator.symbol.equals(symbol)) {
          return operator;
        }
      }
      return null;
    }
  }

  enum CompareOperator {
    EQUAL("=="),
    NOT_EQUAL("!="),
    LESS("<"),
    LESS_EQUAL("<="),
    GREATER(">"),
    GREATER_EQUAL(">="),
    IN("in"),
    NOT_IN("not in"),
    IS("is"),
    IS_NOT("is not");

    final String symbol;

    CompareOperator(String symbol) {
      this.symbol = symbol;
    }
  }
}
