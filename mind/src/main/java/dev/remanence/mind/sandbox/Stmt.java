package dev.remanence.mind.sandbox;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A statement as it was read.
sealed interface Stmt {
  int line();

  record Evaluate(Expr value, int line) implements Stmt {}

  record Assign(List<Expr> targets, Expr value, int line) implements Stmt {}

  record AugmentedAssign(Expr target, Expr.BinaryOperator operator, Expr value, int line)
      implements Stmt {}

  record If(List<Branch> branches, List<Stmt> otherwise, int line) implements Stmt {}

  record While(Expr test, List<Stmt> body, List<Stmt> otherwise, int line) implements Stmt {}

  record For(Expr target, Expr source, List<Stmt> body, List<Stmt> otherwise, int line)
      implements Stmt {}

  record Define(FunctionCode code, int line) implements Stmt {}

  record Return(@Nullable Expr value, int line) implements Stmt {}

  record Raise(@Nullable Expr value, @Nullable Expr cause, int line) implements Stmt {}

  record Try(
      List<Stmt> body, List<Handler> handlers, List<Stmt> otherwise, List<Stmt> last, int line)
      implements Stmt {}

  record Assert(Expr test, @Nullable Expr message, int line) implements Stmt {}

  record Delete(List<Expr> targets, int line) implements Stmt {}

  record Import(List<Alias> modules, int line) implements Stmt {}

  record ImportFrom(String module, List<Alias> names, int line) implements Stmt {}

  /// `pass`, and what has done its work when it was read: `global`, `nonlocal`, an annotation.
  record Nothing(int line) implements Stmt {}

  record Break(int line) implements Stmt {}

  record Continue(int line) implements Stmt {}

  record Branch(Expr test, List<Stmt> body) {}

  record Handler(@Nullable Expr type, @Nullable String name, List<Stmt> body, int line) {}

  record Alias(String name, String as) {}
}
