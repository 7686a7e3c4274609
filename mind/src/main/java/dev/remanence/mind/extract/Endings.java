package dev.remanence.mind.extract;

/// Words that turn a denial into an end: `anymore`, `any more`, `any longer`.
final class Endings {
  private static final Pattern ANYMORE = Pattern.of("anymore");
  private static final Pattern ANY_MORE = Pattern.of("any more|longer");

  private Endings() {}

  static boolean isAnymore(Sentence sentence, int at) {
    return ANYMORE.end(sentence, at) >= 0 || ANY_MORE.end(sentence, at) >= 0;
  }
}
