package dev.remanence.mind.sandbox;

import dev.remanence.mind.sandbox.Expr.BinaryOperator;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/// The module `math`.
final class MathModule {
  private static final double LN_2 = Math.log(2);

  private MathModule() {}

  static Map<String, Object> members() {
    var all = new HashMap<String, Object>();
    all.put("pi", Math.PI);
    all.put("e", Math.E);
    all.put("tau", 2 * Math.PI);
    all.put("inf", Double.POSITIVE_INFINITY);
    all.put("nan", Double.NaN);
    real(all, "sin", Math::sin);
    real(all, "cos", Math::cos);
    real(all, "tan", Math::tan);
    real(all, "asin", Math::asin);
    real(all, "acos", Math::acos);
    real(all, "atan", Math::atan);
    real(all, "sinh", Math::sinh);
    real(all, "cosh", Math::cosh);
    real(all, "tanh", Math::tanh);
    real(all, "exp", Math::exp);
    real(all, "expm1", Math::expm1);
    real(all, "sqrt", Math::sqrt);
    real(all, "cbrt", Math::cbrt);
    real(all, "fabs", Math::abs);
    real(all, "degrees", Math::toDegrees);
    real(all, "radians", Math::toRadians);
    Builtins.put(all, "log1p", (_, a) -> logarithm(Math::log1p, number(a.exactly(1, 1), 0), -1));
    Builtins.put(all, "log", (_, a) -> log(a.exactly(1, 2)));
    Builtins.put(all, "log2", (_, a) -> log(a.exactly(1, 1).at(0), 2));
    Builtins.put(all, "log10", (_, a) -> log(a.exactly(1, 1).at(0), 10));
    Builtins.put(all, "isnan", (_, a) -> Double.isNaN(number(a.exactly(1, 1), 0)));
    Builtins.put(all, "isinf", (_, a) -> Double.isInfinite(number(a.exactly(1, 1), 0)));
    Builtins.put(all, "isfinite", (_, a) -> Double.isFinite(number(a.exactly(1, 1), 0)));
    Builtins.put(all, "floor", (_, a) -> whole(a.exactly(1, 1).at(0), Math::floor));
    Builtins.put(all, "ceil", (_, a) -> whole(a.exactly(1, 1).at(0), Math::ceil));
    Builtins.put(all, "trunc", (_, a) -> whole(a.exactly(1, 1).at(0), value -> value));
    Builtins.put(all, "pow", (_, a) -> power(number(a.exactly(2, 2), 0), number(a, 1)));
    Builtins.put(all, "atan2", (_, a) -> Math.atan2(number(a.exactly(2, 2), 0), number(a, 1)));
    Builtins.put(
        all, "copysign", (_, a) -> Math.copySign(number(a.exactly(2, 2), 0), number(a, 1)));
    Builtins.put(all, "fmod", (_, a) -> fmod(number(a.exactly(2, 2), 0), number(a, 1)));
    Builtins.put(all, "isclose", MathModule::isClose);
    Builtins.put(all, "hypot", MathModule::hypotenuse);
    Builtins.put(all, "fsum", MathModule::exactSum);
    Builtins.put(all, "prod", MathModule::product);
    Builtins.put(all, "gcd", MathModule::greatestDivisor);
    Builtins.put(all, "lcm", MathModule::leastMultiple);
    Builtins.put(all, "isqrt", MathModule::integerRoot);
    Builtins.put(all, "factorial", MathModule::factorial);
    Builtins.put(all, "comb", (run, a) -> choose(run, a.exactly(2, 2), true));
    Builtins.put(all, "perm", (run, a) -> choose(run, a.exactly(1, 2), false));
    return Map.copyOf(all);
  }

  private static void real(Map<String, Object> all, String name, DoubleUnaryOperator function) {
    Builtins.put(
        all,
        name,
        (_, arguments) -> {
          double value = number(arguments.exactly(1, 1), 0);
          double result = function.applyAsDouble(value);
          if (Double.isNaN(result) && !Double.isNaN(value)) {
            throw GuestError.value("math domain error");
          }
          if (Double.isInfinite(result) && Double.isFinite(value)) {
            throw GuestError.overflow("math range error");
          }
          return result;
        });
  }

  private static double number(Arguments arguments, int index) {
    return Numbers.real(arguments.at(index));
  }

  private static Object log(Arguments arguments) {
    if (arguments.count() == 1) {
      return log(arguments.at(0), Math.E);
    }
    double base = log(arguments.at(1), Math.E);
    double value = log(arguments.at(0), Math.E);
    if (base == 0) {
      throw GuestError.division("float division by zero");
    }
    return value / base;
  }

  private static double log(Object value, double base) {
    if (value instanceof BigInteger big && big.signum() > 0) {
      int shift = big.bitLength() - 60;
      double natural = Math.log(big.shiftRight(shift).doubleValue()) + shift * LN_2;
      return base == Math.E ? natural : natural / Math.log(base);
    }
    DoubleUnaryOperator function =
        base == Math.E ? Math::log : base == 10 ? Math::log10 : MathModule::log2;
    return logarithm(function, Numbers.real(value), 0);
  }

  private static double log2(double value) {
    int exponent = Math.getExponent(value);
    return value == Math.scalb(1.0, exponent) ? exponent : Math.log(value) / LN_2;
  }

  private static double logarithm(DoubleUnaryOperator function, double value, double least) {
    if (value <= least) {
      throw GuestError.value("math domain error");
    }
    return function.applyAsDouble(value);
  }

  private static Object whole(Object value, DoubleUnaryOperator rounding) {
    if (value instanceof Double real) {
      return Numbers.truncate(rounding.applyAsDouble(real));
    }
    if (!Numbers.isInteger(value)) {
      throw GuestError.type("must be real number, not " + Types.nameOf(value));
    }
    return Numbers.normal(Numbers.big(value));
  }

  private static double power(double a, double b) {
    boolean wrong = (a == 0 && b < 0) || (a < 0 && Double.isFinite(b) && b != Math.rint(b));
    if (wrong && Double.isFinite(a)) {
      throw GuestError.value("math domain error");
    }
    if (a == 1 || b == 0) {
      return 1.0;
    }
    double result = Math.pow(a, b);
    if (Double.isInfinite(result) && Double.isFinite(a) && Double.isFinite(b)) {
      throw GuestError.overflow("math range error");
    }
    return result;
  }

  private static double fmod(double a, double b) {
    if (b == 0 || Double.isInfinite(a)) {
      throw GuestError.value("math domain error");
    }
    return a % b;
  }

  private static Object isClose(Run run, Arguments arguments) {
    run.meter.step();
    double a = Numbers.real(arguments.require(0, "a"));
    double b = Numbers.real(arguments.require(1, "b"));
    double relative = Numbers.real(arguments.named().getOrDefault("rel_tol", 1e-9));
    double absolute = Numbers.real(arguments.named().getOrDefault("abs_tol", 0.0));
    if (a == b) {
      return true;
    }
    double difference = Math.abs(a - b);
    return Double.isFinite(difference)
        && (difference <= Math.abs(relative * b)
            || difference <= Math.abs(relative * a)
            || difference <= absolute);
  }

  private static Object hypotenuse(Run run, Arguments arguments) {
    double result = 0;
    for (var each : arguments.positional()) {
      run.meter.step();
      result = Math.hypot(result, Numbers.real(each));
    }
    return result;
  }

  private static Object exactSum(Run run, Arguments arguments) {
    var exact = BigDecimal.ZERO;
    double plain = 0;
    var values = Iteration.of(run, arguments.exactly(1, 1).at(0));
    for (var value = values.next(run); value != null; value = values.next(run)) {
      double real = Numbers.real(value);
      plain += real;
      if (Double.isFinite(real)) {
        run.meter.work(100);
        exact = exact.add(new BigDecimal(real));
      }
    }
    return Double.isFinite(plain) ? exact.doubleValue() : plain;
  }

  private static Object product(Run run, Arguments arguments) {
    var product = arguments.named().getOrDefault("start", 1L);
    var values = Iteration.of(run, arguments.require(0, "iterable"));
    for (var value = values.next(run); value != null; value = values.next(run)) {
      product = Operators.binary(run, BinaryOperator.MULTIPLY, product, value);
    }
    return product;
  }

  private static BigInteger integer(Object value) {
    if (!Numbers.isInteger(value)) {
      throw GuestError.type(
          "'" + Types.nameOf(value) + "' object cannot be interpreted as an integer");
    }
    return Numbers.big(value);
  }

  private static BigInteger divisor(Run run, BigInteger a, BigInteger b) {
    long words = Math.max(a.bitLength(), b.bitLength()) / 64 + 1L;
    run.meter.work(words * words * 4);
    run.meter.charge(words * 8);
    return a.gcd(b);
  }

  private static Object greatestDivisor(Run run, Arguments arguments) {
    var result = BigInteger.ZERO;
    for (var each : arguments.positional()) {
      result = divisor(run, result, integer(each));
    }
    return Numbers.normal(result);
  }

  private static Object leastMultiple(Run run, Arguments arguments) {
    var result = BigInteger.ONE;
    for (var each : arguments.positional()) {
      var value = integer(each).abs();
      if (value.signum() == 0) {
        return 0L;
      }
      var part = value.divide(divisor(run, result, value));
      result = Numbers.big(Numbers.multiply(run, Numbers.normal(result), Numbers.normal(part)));
    }
    return Numbers.normal(result);
  }

  private static Object integerRoot(Run run, Arguments arguments) {
    var value = integer(arguments.exactly(1, 1).at(0));
    if (value.signum() < 0) {
      throw GuestError.value("isqrt() argument must be nonnegative");
    }
    long words = value.bitLength() / 64 + 1L;
    run.meter.work(words * words * 8);
    run.meter.charge(words * 32);
    return Numbers.normal(value.sqrt());
  }

  private static Object factorial(Run run, Arguments arguments) {
    var value = arguments.exactly(1, 1).at(0);
    if (value instanceof Double) {
      throw GuestError.type("'float' object cannot be interpreted as an integer");
    }
    long n = Numbers.index(value);
    if (n < 0) {
      throw GuestError.value("factorial() not defined for negative values");
    }
    Object product = 1L;
    for (long i = 2; i <= n; i++) {
      product = Operators.binary(run, BinaryOperator.MULTIPLY, product, i);
    }
    return product;
  }

  private static Object choose(Run run, Arguments arguments, boolean unordered) {
    long n = Numbers.index(arguments.at(0));
    long k = arguments.count() > 1 ? Numbers.index(arguments.at(1)) : n;
    if (n < 0 || k < 0) {
      throw GuestError.value((n < 0 ? "n" : "k") + " must be a non-negative integer");
    }
    if (k > n) {
      return 0L;
    }
    k = unordered ? Math.min(k, n - k) : k;
    Object product = 1L;
    for (long i = 1; i <= k; i++) {
      product = Operators.binary(run, BinaryOperator.MULTIPLY, product, n - i + 1);
      if (unordered) {
        product = Operators.binary(run, BinaryOperator.FLOOR_DIVIDE, product, i);
      }
    }
    return product;
  }
}
