package dev.remanence.mind.sandbox;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/// Doubles as Python writes them.
final class FloatText {
  private FloatText() {}

  /// The shortest text that reads back as the same double.
  static String shortest(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0.0" : "0.0";
    }
    var decimal = decimal(Math.abs(value));
    var digits = decimal.unscaledValue().toString();
    int point = digits.length() - decimal.scale();
    var sign = value < 0 ? "-" : "";
    if (point > 16 || point < -3) {
      return sign + exponential(digits, point - 1, "e");
    }
    if (point <= 0) {
      return sign + "0." + "0".repeat(-point) + digits;
    }
    if (point >= digits.length()) {
      return sign + digits + "0".repeat(point - digits.length()) + ".0";
    }
    return sign + digits.substring(0, point) + "." + digits.substring(point);
  }

  /// Java writes at least two digits, where one may do.
  private static BigDecimal decimal(double size) {
    var decimal = new BigDecimal(Double.toString(size)).stripTrailingZeros();
    if (decimal.precision() == 2) {
      var shorter = decimal.round(new MathContext(1, RoundingMode.HALF_EVEN));
      return shorter.doubleValue() == size ? shorter.stripTrailingZeros() : decimal;
    }
    return decimal;
  }

  private static String exponential(String digits, int exponent, String letter) {
    var fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
    return digits.charAt(0) + fraction + letter + exponent(exponent);
  }

  private static String exponent(int exponent) {
    int size = Math.abs(exponent);
    return (exponent < 0 ? "-" : "+") + (size < 10 ? "0" : "") + size;
  }

  /// `f`: so many digits after the point, of a value that is not negative.
  static String fixed(double value, int precision) {
    return new BigDecimal(value).setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
  }

  /// `e`.
  static String scientific(double value, int precision) {
    if (value == 0) {
      return (precision > 0 ? "0." + "0".repeat(precision) : "0") + "e+00";
    }
    var rounded =
        new BigDecimal(value).round(new MathContext(precision + 1, RoundingMode.HALF_EVEN));
    var digits = rounded.unscaledValue().toString();
    int exponent = digits.length() - 1 - rounded.scale();
    digits = digits + "0".repeat(Math.max(0, precision + 1 - digits.length()));
    return exponential(digits.substring(0, precision + 1), exponent, "e");
  }

  /// `g`.
  static String general(double value, int precision, boolean alternate) {
    int digits = Math.max(1, precision);
    if (value == 0) {
      return alternate ? "0." + "0".repeat(digits - 1) : "0";
    }
    var rounded = new BigDecimal(value).round(new MathContext(digits, RoundingMode.HALF_EVEN));
    int exponent = rounded.precision() - 1 - rounded.scale();
    if (exponent < -4 || exponent >= digits) {
      var text = scientific(value, digits - 1);
      int e = text.indexOf('e');
      return (alternate ? text.substring(0, e) : trim(text.substring(0, e))) + text.substring(e);
    }
    var text =
        rounded
            .setScale(Math.max(0, digits - 1 - exponent), RoundingMode.HALF_EVEN)
            .toPlainString();
    return alternate ? text : trim(text);
  }

  private static String trim(String text) {
    if (text.indexOf('.') < 0) {
      return text;
    }
    int end = text.length();
    while (text.charAt(end - 1) == '0') {
      end--;
    }
    return text.substring(0, text.charAt(end - 1) == '.' ? end - 1 : end);
  }
}
