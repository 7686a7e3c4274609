package dev.remanence.mind.llm;

/// Who came to an answer.
public enum By {
  MODEL("model"),
  RULES("rules");

  private final String word;

  By(String word) {
    this.word = word;
  }

  /// As answers in JSON have it.
  public String word() {
    return word;
  }
}
