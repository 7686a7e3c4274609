package dev.remanence;

import static java.util.Objects.requireNonNull;

import java.util.List;

/// What holds under a key at a moment: one value, or many where the fact was declared so.
public record Fact(Memory memory) {
  /// The tag that declares a fact to have many values.
  public static final String MANY = "many";

  public String key() {
    return String.valueOf(memory.key());
  }

  public boolean isMany() {
    return memory.tags().contains(MANY) && memory.content() instanceof Json.Arr;
  }

  /// The value as JSON: a text as a string, many as an array.
  public Json value() {
    return memory.text() != null ? new Json.Str(memory.text()) : requireNonNull(memory.content());
  }

  /// The value, or each of many.
  public List<Json> values() {
    return isMany() && memory.content() instanceof Json.Arr(var items) ? items : List.of(value());
  }

  /// The value as a person or a model reads it: texts bare, many with commas.
  public String text() {
    return String.join(
        ", ",
        values().stream()
            .map(each -> each instanceof Json.Str(var text) ? text : each.toString())
            .toList());
  }
}
