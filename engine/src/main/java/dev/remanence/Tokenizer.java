package dev.remanence;

import dev.remanence.RemanenceException.InvalidInput;
import java.util.ArrayList;
import java.util.ServiceLoader;

/// Counts a text's tokens as a family of models does. Thread-safe. Found on the class path by its
/// name, as `remanence-mind` brings some.
public interface Tokenizer {
  /// A token a quarter of the characters, rounded up: a round figure for English and any model.
  Tokenizer ESTIMATE =
      new Tokenizer() {
        @Override
        public String name() {
          return "estimate";
        }

        @Override
        public long count(CharSequence text) {
          return (text.length() + 3L) / 4;
        }
      };

  String name();

  long count(CharSequence text);

  static Tokenizer of(String name) {
    if (name.equals(ESTIMATE.name())) {
      return ESTIMATE;
    }
    var names = new ArrayList<String>();
    names.add(ESTIMATE.name());
    for (var each : ServiceLoader.load(Tokenizer.class, Tokenizer.class.getClassLoader())) {
      if (each.name().equals(name)) {
        return each;
      }
      names.add(each.name());
    }
    throw new InvalidInput(
        "tokenizer is one of " + String.join(", ", names) + "; found another word",
        "field",
        "tokenizer");
  }
}
