package dev.remanence.mind.sandbox;

import dev.remanence.mind.sandbox.Token.Kind;
import java.util.List;

/// The words of a text and how far they are read.
final class Tokens {
  private final List<Token> tokens;
  private int next;

  Tokens(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token peek() {
    return tokens.get(next);
  }

  Token peek(int ahead) {
    return tokens.get(Math.min(next + ahead, tokens.size() - 1));
  }

  Token take() {
    var token = tokens.get(next);
    if (next + 1 < tokens.size()) {
      next++;
    }
    return token;
  }

  boolean is(String symbol) {
    return peek().is(symbol);
  }

  boolean is(Kind kind) {
    return peek().kind() == kind;
  }

  boolean accept(String symbol) {
    boolean found = is(symbol);
    if (found) {
      take();
    }
    return found;
  }

  void expect(String symbol) {
    if (!accept(symbol)) {
      throw error("expected '" + symbol + "', found " + describe(peek()));
    }
  }

  String name() {
    if (!is(Kind.NAME)) {
      throw error("expected a name, found " + describe(peek()));
    }
    return take().text();
  }

  int line() {
    return peek().line();
  }

  Unreadable error(String message) {
    return new Unreadable(message, line());
  }

  static String describe(Token token) {
    return switch (token.kind()) {
      case NEWLINE -> "the end of the line";
      case END -> "the end";
      case INDENT -> "an indented line";
      case DEDENT -> "the end of the block";
      case STRING, FORMATTED -> "a string";
      case NAME, KEYWORD, NUMBER, SYMBOL -> "'" + Texts.start(token.text(), 40) + "'";
    };
  }
}
