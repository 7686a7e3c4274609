package dev.remanence.mind.sandbox;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/// Integers of any size up to a bound, and their ways to and from doubles.
final class Numbers {
  /// Digits of an integer, at most: what is longer is refused before it is computed.
  static final int DIGITS_MAX = 30_000;

  private static final long BITS_MAX = (long) (DIGITS_MAX * 3.3219281);
  private static final BigInteger LONG_MIN = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger LONG_MAX = BigInteger.valueOf(Long.MAX_VALUE);

  private Numbers() {}

  static boolean isInteger(Object value) {
    return value instanceof Long || value instanceof BigInteger || value instanceof Boolean;
  }

  static boolean isNumber(Object value) {
    return value instanceof Double || isInteger(value);
  }

  /// A long where it fits, which every integer must be.
  static Object normal(BigInteger value) {
    if (value.compareTo(LONG_MIN) >= 0 && value.compareTo(LONG_MAX) <= 0) {
      return value.longValue();
    }
    return value;
  }

  static BigInteger big(Object integer) {
    return switch (integer) {
      case Long value -> BigInteger.valueOf(value);
      case Boolean value -> value ? BigInteger.ONE : BigInteger.ZERO;
      case BigInteger value -> value;
      default -> throw new AssertionError("no integer: " + integer.getClass());
    };
  }

  /// The value as a long, or null where it is no integer of 64 bits.
  static @Nullable Long small(Object value) {
    return switch (value) {
      case Long number -> number;
      case Boolean truth -> truth ? 1L : 0L;
      default -> null;
    };
  }

  /// An integer that counts or points; beyond a long it stops at the ends.
  static long index(Object value) {
    return switch (value) {
      case Long number -> number;
      case Boolean truth -> truth ? 1L : 0L;
      case BigInteger number -> number.signum() < 0 ? Long.MIN_VALUE / 4 : Long.MAX_VALUE / 4;
      default ->
          throw GuestError.type(
              "'" + Types.nameOf(value) + "' object cannot be interpreted as an integer");
    };
  }

  static int count(Object value) {
    return (int) Math.clamp(index(value), -1L << 30, 1L << 30);
  }

  static double real(Object number) {
    return switch (number) {
      case Double value -> value;
      case Long value -> value;
      case Boolean value -> value ? 1 : 0;
      case BigInteger value -> {
        double real = value.doubleValue();
        if (Double.isInfinite(real)) {
          throw GuestError.overflow("int too large to convert to float");
        }
        yield real;
      }
      default -> throw GuestError.type("must be real number, not " + Types.nameOf(number));
    };
  }

  /// Room for an integer of so many bits, and the work to make it of two of such sizes.
  static void charge(Run run, long bits, long bitsLeft, long bitsRight) {
    if (bits > BITS_MAX) {
      throw GuestError.overflow("integer of more than " + DIGITS_MAX + " digits");
    }
    run.meter.charge(bits / 8 + 40);
    run.meter.work((bitsLeft / 64 + 1) * (bitsRight / 64 + 1) / 8);
  }

  static int bits(Object integer) {
    return big(integer).bitLength();
  }

  static Object add(Run run, Object left, Object right) {
    var a = big(left);
    var b = big(right);
    charge(run, Math.max(a.bitLength(), b.bitLength()) + 1L, 64, 64);
    return normal(a.add(b));
  }

  static Object subtract(Run run, Object left, Object right) {
    var a = big(left);
    var b = big(right);
    charge(run, Math.max(a.bitLength(), b.bitLength()) + 1L, 64, 64);
    return normal(a.subtract(b));
  }

  static Object multiply(Run run, Object left, Object right) {
    var a = big(left);
    var b = big(right);
    charge(run, (long) a.bitLength() + b.bitLength(), a.bitLength(), b.bitLength());
    return normal(a.multiply(b));
  }

  static Object floorDivide(Run run, Object left, Object right) {
    var a = big(left);
    var b = divisor(right, "integer division or modulo by zero");
    charge(run, a.bitLength(), a.bitLength(), b.bitLength());
    var parts = a.divideAndRemainder(b);
    boolean down = parts[1].signum() != 0 && parts[1].signum() != b.signum();
    return normal(down ? parts[0].subtract(BigInteger.ONE) : parts[0]);
  }

  static Object modulo(Run run, Object left, Object right) {
    var a = big(left);
    var b = divisor(right, "integer modulo by zero");
    charge(run, b.bitLength(), a.bitLength(), b.bitLength());
    var rest = a.remainder(b);
    return normal(rest.signum() != 0 && rest.signum() != b.signum() ? rest.add(b) : rest);
  }

  private static BigInteger divisor(Object value, String message) {
    var divisor = big(value);
    if (divisor.signum() == 0) {
      throw GuestError.division(message);
    }
    return divisor;
  }

  static Object divide(Run run, Object left, Object right) {
    var b = divisor(right, "division by zero");
    var a = big(left);
    if (a.bitLength() <= 53 && b.bitLength() <= 53) {
      return a.doubleValue() / b.doubleValue();
    }
    charge(run, a.bitLength(), a.bitLength(), b.bitLength());
    return quotient(a, b);
  }

  /// The double nearest to a quotient: 66 bits of it are computed, and the rest makes the last one
  /// odd where it is not nothing, so that the one rounding rounds the true value.
  private static double quotient(BigInteger a, BigInteger b) {
    int shift = b.bitLength() - a.bitLength() + 66;
    var scaled = shift >= 0 ? a.abs().shiftLeft(shift) : a.abs();
    var divisor = shift >= 0 ? b.abs() : b.abs().shiftLeft(-shift);
    var parts = scaled.divideAndRemainder(divisor);
    var bits = parts[1].signum() != 0 ? parts[0].setBit(0) : parts[0];
    double value =
        -shift >= -1000
            ? Math.scalb(bits.doubleValue(), -shift)
            : new BigDecimal(a.abs())
                .divide(new BigDecimal(b.abs()), java.math.MathContext.DECIMAL128)
                .doubleValue();
    if (Double.isInfinite(value)) {
      throw GuestError.overflow("integer division result too large for a float");
    }
    return a.signum() * b.signum() < 0 ? -value : value;
  }

  static Object power(Run run, Object left, Object right) {
    var base = big(left);
    var exponent = big(right);
    if (exponent.signum() < 0) {
      if (base.signum() == 0) {
        throw GuestError.division("0.0 cannot be raised to a negative power");
      }
      return Math.pow(real(left), real(right));
    }
    if (base.abs().bitLength() <= 1) {
      return base.signum() < 0 && !exponent.testBit(0)
          ? (Object) 1L
          : base.signum() == 0 && exponent.signum() == 0
              ? (Object) 1L
              : normal(exponent.signum() == 0 ? BigInteger.ONE : base);
    }
    if (exponent.bitLength() > 31) {
      throw GuestError.overflow("integer of more than " + DIGITS_MAX + " digits");
    }
    long bits = (long) (base.abs().bitLength() - 1) * exponent.intValue() + 1;
    charge(run, bits, bits, bits);
    return normal(base.pow(exponent.intValue()));
  }

  static Object power(Run run, Object left, Object right, Object modulus) {
    var m = big(modulus);
    if (m.signum() == 0) {
      throw GuestError.value("pow() 3rd argument cannot be 0");
    }
    long bits = m.bitLength();
    charge(run, bits, bits(left), bits);
    var result = modPower(run, big(left), big(right), m.abs());
    return normal(m.signum() < 0 && result.signum() != 0 ? result.add(m) : result);
  }

  /// Java's own where it is quick; else bit by bit, with an eye on the clock.
  private static BigInteger modPower(
      Run run, BigInteger base, BigInteger exponent, BigInteger modulus) {
    long words = modulus.bitLength() / 64 + 1L;
    try {
      if ((exponent.bitLength() + 1L) * words * words < 1 << 20) {
        run.meter.work((exponent.bitLength() + 1L) * words * words / 4);
        return base.modPow(exponent, modulus);
      }
      run.meter.work(words * words * 8);
      var factor = exponent.signum() < 0 ? base.modInverse(modulus) : base.mod(modulus);
      var result = BigInteger.ONE.mod(modulus);
      for (int i = exponent.abs().bitLength() - 1; i >= 0; i--) {
        run.meter.work(words * words + 10);
        result = result.multiply(result).mod(modulus);
        if (exponent.abs().testBit(i)) {
          result = result.multiply(factor).mod(modulus);
        }
      }
      return result;
    } catch (ArithmeticException _) {
      throw GuestError.value("base is not invertible for the given modulus");
    }
  }

  static Object shift(Run run, Object left, Object right, boolean up) {
    var value = big(left);
    var distance = big(right);
    if (distance.signum() < 0) {
      throw GuestError.value("negative shift count");
    }
    if (value.signum() == 0) {
      return 0L;
    }
    if (distance.bitLength() > 31) {
      if (up) {
        throw GuestError.overflow("integer of more than " + DIGITS_MAX + " digits");
      }
      return value.signum() < 0 ? -1L : 0L;
    }
    int bits = distance.intValue();
    charge(run, up ? (long) value.bitLength() + bits : value.bitLength(), 64, 64);
    return normal(up ? value.shiftLeft(bits) : value.shiftRight(bits));
  }

  /// Compares two numbers exactly; what is no number at all (NaN) compares as null.
  static @Nullable Integer compare(Object left, Object right) {
    var a = small(left);
    var b = small(right);
    if (a != null && b != null) {
      return Long.compare(a, b);
    }
    if (left instanceof Double x && right instanceof Double y) {
      return x.isNaN() || y.isNaN() ? null : Integer.valueOf(x < y ? -1 : x > y ? 1 : 0);
    }
    if (left instanceof Double x) {
      var order = compareToReal(right, x);
      return order == null ? null : Integer.valueOf(-order);
    }
    if (right instanceof Double y) {
      return compareToReal(left, y);
    }
    return big(left).compareTo(big(right));
  }

  private static @Nullable Integer compareToReal(Object integer, double real) {
    if (Double.isNaN(real)) {
      return null;
    }
    if (Double.isInfinite(real)) {
      return real > 0 ? -1 : 1;
    }
    var small = small(integer);
    if (small != null && Math.abs(small) < 1L << 53) {
      return Integer.valueOf((double) small < real ? -1 : (double) small > real ? 1 : 0);
    }
    return new BigDecimal(big(integer)).compareTo(new BigDecimal(real));
  }

  /// The integer that a double is after its fraction was cut off.
  static Object truncate(double value) {
    if (Double.isNaN(value)) {
      throw GuestError.value("cannot convert float NaN to integer");
    }
    if (Double.isInfinite(value)) {
      throw GuestError.overflow("cannot convert float infinity to integer");
    }
    if (Math.abs(value) < 0x1p62) {
      return (long) value;
    }
    return normal(new BigDecimal(value).toBigInteger());
  }

  /// The decimal digits of an integer.
  static String text(Run run, BigInteger value) {
    long words = value.bitLength() / 64 + 1L;
    run.meter.work(words * words / 4);
    run.meter.chargeText(words * 20);
    return value.toString();
  }
}
