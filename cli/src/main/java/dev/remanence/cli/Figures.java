package dev.remanence.cli;

import dev.remanence.daemon.protocol.Times;
import java.time.Duration;
import java.time.Instant;

/// Scores, ages, sizes and counts as a person reads them.
final class Figures {
  private static final int BAR_CELLS = 8;
  private static final String EIGHTHS = " ▏▎▍▌▋▊▉";

  private Figures() {}

  static String bar(double score) {
    int eighths = (int) Math.round(Math.clamp(score, 0, 1) * BAR_CELLS * 8);
    var bar = new StringBuilder().repeat('█', eighths / 8);
    if (eighths % 8 > 0) {
      bar.append(EIGHTHS.charAt(eighths % 8));
    }
    return bar.repeat(' ', BAR_CELLS - bar.length()).toString();
  }

  /// How long ago, in one unit; a moment to come, or long past, as a date.
  static String age(String time, Instant now) {
    var passed = Duration.between(Times.parse("at", time), now);
    if (passed.isNegative() && passed.toSeconds() < -1) {
      return time.substring(0, 10);
    }
    if (passed.toSeconds() < 60) {
      return "just now";
    }
    if (passed.toMinutes() < 60) {
      return passed.toMinutes() + " min ago";
    }
    if (passed.toHours() < 24) {
      return passed.toHours() + " h ago";
    }
    return passed.toDays() <= 30 ? passed.toDays() + " d ago" : time.substring(0, 10);
  }

  static String bytes(long bytes) {
    if (Math.abs(bytes) < 1000) {
      return bytes + " B";
    }
    double value = bytes;
    int unit = -1;
    while (Math.abs(value) >= 999.95) {
      value /= 1000;
      unit++;
    }
    return decimals(value, 1) + " " + "kMGTPE".charAt(unit) + "B";
  }

  /// By hand, because the first use of a Formatter costs more than a whole answer.
  static String decimals(double value, int places) {
    long unit = places == 1 ? 10 : places == 2 ? 100 : 1000;
    long rounded = Math.round(Math.abs(value) * unit);
    var fraction = Long.toString(rounded % unit);
    return (value < 0 && rounded > 0 ? "-" : "")
        + rounded / unit
        + "."
        + "0".repeat(places - fraction.length())
        + fraction;
  }

  static String counted(long count, String one, String many) {
    return count + " " + (count == 1 ? one : many);
  }

  static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }
}
