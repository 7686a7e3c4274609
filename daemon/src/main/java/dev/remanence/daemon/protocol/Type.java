package dev.remanence.daemon.protocol;

import dev.remanence.Json;
import dev.remanence.RemanenceException.InvalidInput;

/// What a parameter takes: its word in the reference and in errors. Every surface decodes by it,
/// the command line included, which has only strings to start from.
public enum Type {
  TEXT("string", "a string"),
  JSON("any JSON", "a JSON value other than null"),
  /// Any JSON; where there are only strings, see [#written].
  VALUE("any JSON", "a JSON value other than null"),
  OBJECT("object", "an object"),
  BOOLEAN("boolean", "true or false"),
  INTEGER("integer", "a whole number"),
  NUMBER("number", "a number"),
  TIME("time", "a time in RFC 3339, such as 2026-11-21T09:30:00Z, or a date"),
  DURATION("duration", "a duration such as 90s, 15m, 24h or 7d"),
  ID("id", "an id: a UUID of 36 characters"),
  SCOPE("scope", "a scope path, such as acme/user:42"),
  CHOICE("word", "one of the words of its list"),
  STRINGS("string[]", "a list of strings"),
  IDS("id[]", "a list of ids"),
  LINKS("link[]", "a list of links, each {\"type\": …, \"to\": id}"),
  NUMBERS("number[]", "a list of numbers"),
  PROVENANCE("provenance", "an object"),
  FILTER("filter", "an object"),
  MEMORIES("memory[]", "a list of memories, each an object"),
  TURNS("turn[]", "a list of turns, each an object"),
  /// A file or directory on the machine of the store: for local callers only.
  PATH("path", "a path");

  private final String word;
  private final String expected;

  Type(String word, String expected) {
    this.word = word;
    this.expected = expected;
  }

  /// The value that a person wrote, where there are only strings: JSON where it is JSON, else text.
  public static Json written(String value) {
    try {
      return Json.parse(value);
    } catch (InvalidInput _) {
      return Json.of(value);
    }
  }

  /// The type's name in the reference.
  public String word() {
    return word;
  }

  String expected() {
    return expected;
  }
}
