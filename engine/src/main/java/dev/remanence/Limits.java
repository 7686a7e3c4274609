package dev.remanence;

import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.TooLarge;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Every limit on data that a user can send, and the checks that apply them. One place: other files
/// ask here, and docs/protocol.md quotes these numbers.
public final class Limits {
  /// Bytes of UTF-8 in a text, or in the canonical form of a JSON content.
  public static final int CONTENT_BYTES_MAX = 1 << 20;

  /// Levels of nesting in a JSON content or in metadata. Lines, answers and exports put a few of
  /// their own around it.
  public static final int JSON_LEVELS_MAX = 64;

  /// Bytes of canonical JSON in the metadata of a memory.
  public static final int METADATA_BYTES_MAX = 64 << 10;

  public static final int NAME_CHARS_MAX = 256;
  public static final int KEY_CHARS_MAX = 512;
  public static final int TAG_CHARS_MAX = 128;
  public static final int TAGS_MAX = 64;
  public static final int LINKS_MAX = 256;
  public static final int LINK_TYPE_CHARS_MAX = 64;
  public static final int MESSAGE_CHARS_MAX = 4096;
  public static final int QUERY_CHARS_MAX = 128 << 10;
  public static final int VECTOR_DIMENSIONS_MAX = 4096;
  public static final int SCOPE_SEGMENTS_MAX = 8;
  public static final int SCOPE_SEGMENT_CHARS_MAX = 64;
  public static final int PAGE_MAX = 1000;

  /// Characters of content and metadata in a page, or in the hits of a recall: beyond it the page
  /// ends, with a cursor, though fewer than asked for are in it. One memory always is.
  public static final int PAGE_CHARS_MAX = 8 << 20;

  /// Turns before a hit of a recall, and as many after it.
  public static final int NEIGHBOURS_MAX = 5;

  /// Rows that a recall ranks, at most: pages end with them.
  static final int CANDIDATES_MAX = 1_000_000;

  /// Memories in one `rememberAll`, which is one commit.
  public static final int BATCH_MAX = 10_000;

  /// Times lie within years 0001 to 9999, as RFC 3339 can write them.
  static final Instant TIME_MIN = Instant.parse("0001-01-01T00:00:00Z");

  static final Instant TIME_MAX = Instant.parse("9999-12-31T23:59:59.999Z");

  private Limits() {}

  /// A scope path in its only form.
  public static String scope(String path) {
    if (path.isEmpty()) {
      throw new InvalidInput(
          "a scope is 1 to 8 segments of letters, digits and . _ : @ - joined by /; found an empty"
              + " one",
          "field",
          "scope");
    }
    var segments = path.split("/", -1);
    if (segments.length > SCOPE_SEGMENTS_MAX) {
      throw new InvalidInput(
          "a scope has 1 to 8 segments; found " + segments.length,
          "field",
          "scope",
          "segments",
          segments.length);
    }
    for (var segment : segments) {
      if (segment.isEmpty() || segment.length() > SCOPE_SEGMENT_CHARS_MAX) {
        throw new InvalidInput(
            "a scope's segment has 1 to 64 characters; found " + segment.length(),
            "field",
            "scope",
            "characters",
            segment.length());
      }
      if (segment.equals(".") || segment.equals("..")) {
        throw new InvalidInput("a scope's segment is a name, not . or ..", "field", "scope");
      }
      for (int i = 0; i < segment.length(); i++) {
        char c = segment.charAt(i);
        if (!isScopeChar(c)) {
          throw new InvalidInput(
              "a scope's segment is made of letters, digits and . _ : @ -; found the character U+"
                  + hex(c),
              "field",
              "scope",
              "character",
              "U+" + hex(c));
        }
      }
    }
    return path;
  }

  private static boolean isScopeChar(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '.'
        || c == '_'
        || c == ':'
        || c == '@'
        || c == '-';
  }

  /// A name: valid Unicode, not empty, no control characters.
  static String name(String field, String value) {
    return word(field, value, NAME_CHARS_MAX);
  }

  static void optionalName(String field, @Nullable String value) {
    if (value != null) {
      word(field, value, NAME_CHARS_MAX);
    }
  }

  static String word(String field, String value, int charsMax) {
    if (value.isBlank()) {
      throw new InvalidInput(field + " must not be empty", "field", field);
    }
    text(field, value, charsMax);
    for (int i = 0; i < value.length(); i++) {
      if (Character.isISOControl(value.charAt(i))) {
        throw new InvalidInput(
            field + " must not hold control characters; found U+" + hex(value.charAt(i)),
            "field",
            field,
            "offset",
            i);
      }
    }
    return value;
  }

  static void optionalText(String field, @Nullable String value, int charsMax) {
    if (value != null) {
      text(field, value, charsMax);
    }
  }

  /// Any valid Unicode up to a length in characters (UTF-16 units).
  static String text(String field, String value, int charsMax) {
    if (value.length() > charsMax) {
      throw new TooLarge(
          field + " has at most " + charsMax + " characters; found " + value.length(),
          "field",
          field,
          "max",
          charsMax,
          "found",
          value.length());
    }
    unicode(field, value);
    return value;
  }

  /// The content's text: any valid Unicode but nothing at all, up to the limit in bytes.
  static byte[] content(String field, String value) {
    if (value.isEmpty()) {
      throw new InvalidInput(field + " must not be empty", "field", field);
    }
    unicode(field, value);
    return contentBytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] contentBytes(String field, byte[] bytes) {
    return bytes(field, bytes, CONTENT_BYTES_MAX);
  }

  static byte[] bytes(String field, byte[] bytes, int bytesMax) {
    if (bytes.length > bytesMax) {
      throw new TooLarge(
          field + " has at most " + bytesMax + " bytes of UTF-8; found " + bytes.length,
          "field",
          field,
          "max",
          bytesMax,
          "found",
          bytes.length);
    }
    return bytes;
  }

  /// Half of a surrogate pair is refused: it is no text, and no surface could carry it.
  public static void unicode(String field, String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (Character.isSurrogate(c)) {
        if (!Character.isHighSurrogate(c)
            || i + 1 == value.length()
            || !Character.isLowSurrogate(value.charAt(i + 1))) {
          throw new InvalidInput(
              field + " must be valid Unicode; found half a surrogate pair at offset " + i,
              "field",
              field,
              "offset",
              i);
        }
        i++;
      }
    }
  }

  static double unit(String field, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new InvalidInput(
          field + " is a number from 0 to 1; found " + value,
          "field",
          field,
          "found",
          String.valueOf(value));
    }
    return value;
  }

  public static int count(String field, int value, int min, int max) {
    if (value < min || value > max) {
      throw new InvalidInput(
          field + " is from " + min + " to " + max + "; found " + value,
          "field",
          field,
          "found",
          value);
    }
    return value;
  }

  static void optionalTime(String field, @Nullable Instant time) {
    if (time != null && (time.isBefore(TIME_MIN) || time.isAfter(TIME_MAX))) {
      throw new InvalidInput(field + " lies within the years 0001 to 9999", "field", field);
    }
  }

  /// A time as the store knows times: what lies below a millisecond is cut off.
  static @Nullable Instant optionalMoment(String field, @Nullable Instant time) {
    optionalTime(field, time);
    return time == null ? null : time.truncatedTo(ChronoUnit.MILLIS);
  }

  private static String hex(char c) {
    return String.format(Locale.ROOT, "%04X", (int) c);
  }

  static void vector(String field, float[] vector) {
    count(field, vector.length, 1, VECTOR_DIMENSIONS_MAX);
    for (int i = 0; i < vector.length; i++) {
      if (!Float.isFinite(vector[i])) {
        throw new InvalidInput(
            "a vector is made of finite numbers; found " + vector[i] + " at " + i,
            "field",
            field,
            "offset",
            i);
      }
    }
  }

  /// A vector of one's own. Negative zero is zero, as everywhere in a store: JSON knows only one.
  static float[] copyOf(float[] vector) {
    var copy = vector.clone();
    for (int i = 0; i < copy.length; i++) {
      copy[i] += 0f;
    }
    return copy;
  }

  /// The canonical form of a JSON value that is neither too long nor nested too deeply.
  public static byte[] json(String field, Json value, int bytesMax) {
    if (isDeeper(value, JSON_LEVELS_MAX)) {
      throw new TooLarge(
          field + " has at most " + JSON_LEVELS_MAX + " levels; flatten it",
          "field",
          field,
          "max",
          JSON_LEVELS_MAX);
    }
    return bytes(field, value.canonicalBytes(), bytesMax);
  }

  private static boolean isDeeper(Json value, int levels) {
    return switch (value) {
      case Json.Obj(var fields) ->
          levels == 0 || fields.values().stream().anyMatch(each -> isDeeper(each, levels - 1));
      case Json.Arr(var items) ->
          levels == 0 || items.stream().anyMatch(each -> isDeeper(each, levels - 1));
      case Json.Str _, Json.Num _, Json.Bool _, Json.Null _ -> false;
    };
  }
}
