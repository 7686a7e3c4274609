package dev.remanence.image;

import java.util.Locale;
import java.util.function.Consumer;

/// Identifiers and other compounds of Latin letters and digits, so that they are found whole and by
/// their parts.
///
/// A compound is a run of segments (letters and digits) joined by one of `_ . - @ / \ : + ~ & = % #
/// ?` each, or by `://`: `user_id`, `ERR-1042`, `v1.2.3`, `foo.bar.Baz`, `ann@example.com`, a path,
/// a URL. Its whole is told in lower case; in the text the joints become spaces, so that a
/// tokenizer sees the parts. A trailing `#` or `++` belongs to the whole: `c#`, `c++`.
///
/// A segment in camel case is followed by its parts: `parseHTTPResponse` becomes `parseHTTPResponse
/// parse HTTP Response`. Digits do not part from letters: `sha256` is one word, and a plural is no
/// part: `URLs` stays as it is.
final class Compounds {
  /// A longer whole is found by its parts only.
  static final int WHOLE_CHARS_MAX = 255;

  /// A longer segment is data, not a name.
  private static final int CAMEL_CHARS_MAX = 64;

  private static final String JOINTS = "_.-@/\\:+~&=%#?";

  private final String text;
  private final Consumer<String> wholes;
  private final StringBuilder spread;

  private Compounds(String text, Consumer<String> wholes) {
    this.text = text;
    this.wholes = wholes;
    this.spread = new StringBuilder(text.length() + 16);
  }

  /// The text with its compounds taken apart.
  ///
  /// @param wholes is told the whole of each compound that the returned text no longer holds
  static String spread(String text, Consumer<String> wholes) {
    return new Compounds(text, wholes).spread();
  }

  private String spread() {
    int at = 0;
    while (at < text.length()) {
      if (isInner(at)) {
        at = run(at);
      } else {
        spread.append(text.charAt(at++));
      }
    }
    return spread.toString();
  }

  /// Takes a run of joined segments apart and returns its end.
  private int run(int start) {
    int end = segment(start);
    boolean joined = false;
    for (int next = afterJoint(end); next > end; next = afterJoint(end)) {
      joined = true;
      spread.append(' ');
      end = segment(next);
    }
    int tail = tail(end);
    if ((joined || tail > 0) && end + tail - start <= WHOLE_CHARS_MAX) {
      wholes.accept(text.substring(start, end + tail).toLowerCase(Locale.ROOT));
    }
    return end;
  }

  /// The start of the next segment of a run, or the given end if the run ends here.
  private int afterJoint(int end) {
    if (text.startsWith("://", end) && isInner(end + 3)) {
      return end + 3;
    }
    return end < text.length() && JOINTS.indexOf(text.charAt(end)) >= 0 && isInner(end + 1)
        ? end + 1
        : end;
  }

  private int tail(int end) {
    int tail = text.startsWith("++", end) ? 2 : text.startsWith("#", end) ? 1 : 0;
    return isInner(end + tail) ? 0 : tail;
  }

  private int segment(int start) {
    int end = start;
    while (isInner(end)) {
      end++;
    }
    spread.append(text, start, end);
    if (end - start <= CAMEL_CHARS_MAX) {
      camel(start, end);
    }
    return end;
  }

  private void camel(int start, int end) {
    int part = start;
    for (int i = start + 1; i < end; i++) {
      if (isHump(i, start, end)) {
        spread.append(' ').append(text, part, i);
        part = i;
      }
    }
    if (part > start) {
      spread.append(' ').append(text, part, end);
    }
  }

  /// Whether a part of a camel-case segment begins here.
  private boolean isHump(int i, int start, int end) {
    assert start < i;
    if (!Character.isUpperCase(text.charAt(i))) {
      return false;
    }
    return Character.isLowerCase(text.charAt(i - 1))
        || (i + 2 < end
            && Character.isLowerCase(text.charAt(i + 1))
            && Character.isLowerCase(text.charAt(i + 2)));
  }

  /// Letters and digits up to the end of Latin Extended-B: names in code, mail and paths.
  private boolean isInner(int at) {
    return at < text.length()
        && text.charAt(at) < 0x250
        && Character.isLetterOrDigit(text.charAt(at));
  }
}
