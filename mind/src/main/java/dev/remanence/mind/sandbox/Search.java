package dev.remanence.mind.sandbox;

/// Looks for one text in another in linear time: Java's own search compares every place afresh,
/// which a guest could make last for minutes. Small ones are left to it.
final class Search {
  private static final long COMPARISONS_MAX = 1 << 20;

  private Search() {}

  /// The first place at or after an offset, or -1.
  static int first(Run run, String text, String part, int from) {
    if (isSmall(run, text.length() - from, part.length())) {
      return text.indexOf(part, from);
    }
    return scan(run, text, from, text.length(), part, false);
  }

  /// The last place that ends at or before an offset, or -1.
  static int last(Run run, String text, String part, int end) {
    if (end < part.length()) {
      return -1;
    }
    if (isSmall(run, end, part.length())) {
      return text.lastIndexOf(part, end - part.length());
    }
    return scan(run, text, 0, end, part, true);
  }

  private static boolean isSmall(Run run, int places, int length) {
    long comparisons = Math.max(0L, places) * Math.max(1, Math.min(length, places));
    boolean small = length < 3 || comparisons <= COMPARISONS_MAX;
    run.meter.work((small ? Math.min(comparisons, places * 2L) : places) / 8 + 1);
    return small;
  }

  /// Knuth, Morris and Pratt: `borders` tells how much of a part that fitted so far fits again.
  private static int scan(Run run, String text, int from, int end, String part, boolean last) {
    run.meter.charge(part.length() * 4L + 16);
    var borders = borders(part);
    int fitting = 0;
    int found = -1;
    for (int i = from; i < end; i++) {
      if ((i & 0xfff) == 0) {
        run.meter.work(512);
      }
      while (fitting > 0 && part.charAt(fitting) != text.charAt(i)) {
        fitting = borders[fitting - 1];
      }
      fitting += part.charAt(fitting) == text.charAt(i) ? 1 : 0;
      if (fitting == part.length()) {
        found = i + 1 - fitting;
        if (!last) {
          return found;
        }
        fitting = borders[fitting - 1];
      }
    }
    return found;
  }

  private static int[] borders(String part) {
    var borders = new int[part.length()];
    int length = 0;
    for (int i = 1; i < part.length(); i++) {
      while (length > 0 && part.charAt(length) != part.charAt(i)) {
        length = borders[length - 1];
      }
      length += part.charAt(length) == part.charAt(i) ? 1 : 0;
      borders[i] = length;
    }
    return borders;
  }
}
