package dev.remanence.mind.extract;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The tokens of one sentence. Positions are indexes into them; a position outside is no word, so
/// that rules may look ahead without asking how long the sentence is.
final class Sentence {
  /// Longer ones are passed over: nobody says them.
  static final int TOKENS_MAX = 150;

  private static final Token NOTHING = new Token(Token.Kind.MARK, 0, 0, "", "");

  private final String text;
  private final List<Token> tokens;

  private Sentence(String text, List<Token> tokens) {
    this.text = text;
    this.tokens = tokens;
  }

  /// The sentences of a text. A line's end ends a sentence, as in a chat.
  static List<Sentence> of(String text, List<Token> tokens) {
    var sentences = new ArrayList<Sentence>();
    int from = 0;
    for (int at = 0; at < tokens.size(); at++) {
      if (ends(tokens, at)) {
        int to = tokens.get(at).kind() == Token.Kind.LINE_END ? at : at + 1;
        add(text, tokens.subList(from, to), sentences);
        from = at + 1;
      }
    }
    add(text, tokens.subList(from, tokens.size()), sentences);
    return sentences;
  }

  private static void add(String text, List<Token> tokens, List<Sentence> sentences) {
    if (!tokens.isEmpty() && tokens.size() <= TOKENS_MAX) {
      sentences.add(new Sentence(text, tokens));
    }
  }

  private static boolean ends(List<Token> tokens, int at) {
    var token = tokens.get(at);
    if (token.kind() == Token.Kind.LINE_END) {
      return true;
    }
    if (token.kind() != Token.Kind.MARK) {
      return false;
    }
    boolean more =
        at + 1 < tokens.size()
            && tokens.get(at + 1).kind() == Token.Kind.MARK
            && isEnd(tokens.get(at + 1).word());
    return switch (token.word()) {
      case "!", "?", "\u2026" -> !more;
      case "." -> !more && (at == 0 || !isAbbreviation(tokens.get(at - 1), token));
      default -> false;
    };
  }

  private static boolean isEnd(String mark) {
    return mark.equals(".") || mark.equals("!") || mark.equals("?");
  }

  private static boolean isAbbreviation(Token before, Token dot) {
    return before.end() == dot.start()
        && (Words.ABBREVIATIONS.contains(before.word())
            || (before.text().length() == 1 && before.isCapital() && !before.word().equals("i")));
  }

  int size() {
    return tokens.size();
  }

  Token token(int at) {
    return at >= 0 && at < tokens.size() ? tokens.get(at) : NOTHING;
  }

  String word(int at) {
    return token(at).word();
  }

  boolean is(int at, String... words) {
    for (var word : words) {
      if (word(at).equals(word)) {
        return true;
      }
    }
    return false;
  }

  /// Whether any token is one of these words.
  boolean has(Set<String> words) {
    return tokens.stream().anyMatch(token -> words.contains(token.word()));
  }

  /// The words as they were written, from the first to before the last position.
  String text(int from, int to) {
    return text.substring(token(from).start(), token(to - 1).end());
  }

  int start() {
    return tokens.getFirst().start();
  }

  int end() {
    return tokens.getLast().end();
  }
}
