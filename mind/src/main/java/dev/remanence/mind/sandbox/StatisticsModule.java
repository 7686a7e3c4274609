package dev.remanence.mind.sandbox;

import dev.remanence.mind.sandbox.Expr.BinaryOperator;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The module `statistics`: sums are exact, and rounded once.
final class StatisticsModule {
  private StatisticsModule() {}

  static Map<String, Object> members() {
    var all = new HashMap<String, Object>();
    all.put("StatisticsError", ExceptionType.STATISTICS);
    Builtins.put(all, "mean", (run, a) -> mean(run, data(run, a, "mean", 1)));
    Builtins.put(all, "fmean", (run, a) -> Numbers.real(mean(run, data(run, a, "fmean", 1))));
    Builtins.put(all, "median", (run, a) -> median(run, data(run, a, "median", 1)));
    Builtins.put(all, "mode", (run, a) -> mode(run, data(run, a, "mode", 1)));
    Builtins.put(all, "variance", (run, a) -> spread(run, data(run, a, "variance", 2), 1, false));
    Builtins.put(all, "stdev", (run, a) -> spread(run, data(run, a, "stdev", 2), 1, true));
    Builtins.put(all, "pvariance", (run, a) -> spread(run, data(run, a, "pvariance", 1), 0, false));
    Builtins.put(all, "pstdev", (run, a) -> spread(run, data(run, a, "pstdev", 1), 0, true));
    return Map.copyOf(all);
  }

  private static List<Object> data(Run run, Arguments arguments, String name, int least) {
    var data = Iteration.list(run, arguments.allow("data").require(0, "data"));
    if (data.size() < least) {
      throw new GuestError(
          ExceptionType.STATISTICS,
          least == 2
              ? name + " requires at least two data points"
              : name.equals("median")
                  ? "no median for empty data"
                  : name.equals("mode")
                      ? "no mode for empty data"
                      : name + " requires at least one data point");
    }
    return data;
  }

  private static boolean isWhole(Run run, List<Object> data) {
    boolean whole = true;
    for (var each : data) {
      run.meter.work(50);
      if (!Numbers.isNumber(each)) {
        throw GuestError.type(
            "can't convert type '" + Types.nameOf(each) + "' to numerator/denominator");
      }
      whole &= Numbers.isInteger(each);
    }
    return whole;
  }

  private static BigDecimal exact(Object number) {
    if (number instanceof Double real) {
      if (!Double.isFinite(real)) {
        throw GuestError.value("the numbers must be finite");
      }
      return new BigDecimal(real);
    }
    return new BigDecimal(Numbers.big(number));
  }

  private static Object mean(Run run, List<Object> data) {
    if (isWhole(run, data)) {
      Object sum = 0L;
      for (var each : data) {
        sum = Numbers.add(run, sum, each);
      }
      var count = (Object) (long) data.size();
      return Numbers.big(sum).mod(BigInteger.valueOf(data.size())).signum() == 0
          ? Numbers.floorDivide(run, sum, count)
          : Numbers.divide(run, sum, count);
    }
    var sum = BigDecimal.ZERO;
    for (var each : data) {
      sum = sum.add(exact(each));
    }
    return sum.divide(BigDecimal.valueOf(data.size()), MathContext.DECIMAL128).doubleValue();
  }

  private static Object median(Run run, List<Object> data) {
    var sorted = ListMethods.sorted(run, data, Arguments.of("median", List.of()));
    int half = sorted.size() / 2;
    if (sorted.size() % 2 == 1) {
      return sorted.get(half);
    }
    var sum = Operators.binary(run, BinaryOperator.ADD, sorted.get(half - 1), sorted.get(half));
    return Operators.binary(run, BinaryOperator.DIVIDE, sum, 2L);
  }

  private static Object mode(Run run, List<Object> data) {
    var counts = new Table();
    Object best = data.getFirst();
    for (var each : data) {
      var before = counts.get(run, each);
      counts.put(run, each, before instanceof Long count ? count + 1 : 1L);
    }
    for (int i = counts.entry(run, 0); i >= 0; i = counts.entry(run, i + 1)) {
      var most = counts.get(run, best);
      if (most != null && Ordering.isLess(run, most, counts.value(i))) {
        best = counts.key(i);
      }
    }
    return best;
  }

  private static Object spread(Run run, List<Object> data, int less, boolean root) {
    boolean whole = isWhole(run, data);
    run.meter.work(data.size() * 200L);
    var count = BigDecimal.valueOf(data.size());
    var sum = BigDecimal.ZERO;
    var squares = BigDecimal.ZERO;
    for (var each : data) {
      var value = exact(each);
      run.meter.work((long) value.precision() * value.precision() / 64);
      sum = sum.add(value);
      squares = squares.add(value.multiply(value));
    }
    var numerator = squares.multiply(count).subtract(sum.multiply(sum));
    var denominator = count.multiply(count.subtract(BigDecimal.valueOf(less)));
    var context = new MathContext(50);
    var variance = numerator.divide(denominator, context);
    if (root) {
      return variance.sqrt(context).doubleValue();
    }
    boolean exact = whole && variance.stripTrailingZeros().scale() <= 0;
    return exact ? Numbers.normal(variance.toBigInteger()) : (Object) variance.doubleValue();
  }
}
