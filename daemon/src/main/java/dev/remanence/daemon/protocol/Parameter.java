package dev.remanence.daemon.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A named parameter of a [Method].
///
/// @param standard what holds when the parameter is not given, for people; null where nothing does
/// @param words the words that a choice, or a list of choices, is made of; else empty
/// @param doc a phrase that the reference and `--help` show
public record Parameter(
    String name,
    Type type,
    boolean required,
    @Nullable String standard,
    List<String> words,
    String doc) {

  public Parameter {
    words = List.copyOf(words);
  }

  static Parameter required(String name, Type type, String doc) {
    return new Parameter(name, type, true, null, List.of(), doc);
  }

  static Parameter optional(String name, Type type, String doc) {
    return new Parameter(name, type, false, null, List.of(), doc);
  }

  static Parameter standard(String name, Type type, String standard, String doc) {
    return new Parameter(name, type, false, standard, List.of(), doc);
  }

  static Parameter choice(String name, @Nullable String standard, List<String> words, String doc) {
    return new Parameter(name, Type.CHOICE, false, standard, words, doc);
  }

  /// The type for people: a choice names its words.
  public String typeWord() {
    return words.isEmpty() ? type.word() : String.join(" | ", words);
  }
}
