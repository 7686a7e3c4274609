package dev.remanence;

import org.jspecify.annotations.Nullable;

/// A question for `context`: what should be read now, within so many tokens.
///
/// @param query what it should be about; null where nothing is to be recalled
public record ContextQuestion(@Nullable String query, int maxTokens, Tokenizer tokenizer) {
  public static final int STANDARD_TOKENS = 2000;
  private static final int TOKENS_MAX = 1_000_000;

  /// About nothing in particular.
  public static final ContextQuestion NONE =
      new ContextQuestion(null, STANDARD_TOKENS, Tokenizer.ESTIMATE);

  public ContextQuestion {
    if (query != null) {
      Limits.text("query", query, Limits.QUERY_CHARS_MAX);
    }
    Limits.count("maxTokens", maxTokens, 1, TOKENS_MAX);
  }

  public static ContextQuestion of(@Nullable String query) {
    return new ContextQuestion(query, STANDARD_TOKENS, Tokenizer.ESTIMATE);
  }

  public ContextQuestion maxTokens(int maxTokens) {
    return new ContextQuestion(query, maxTokens, tokenizer);
  }

  public ContextQuestion tokenizer(Tokenizer tokenizer) {
    return new ContextQuestion(query, maxTokens, tokenizer);
  }
}
