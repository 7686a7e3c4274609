package dev.remanence.mind.tokens;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingRegistry;
import com.knuddels.jtokkit.api.EncodingType;
import dev.remanence.Tokenizer;

/// Counts as the models of OpenAI do: exactly. A vocabulary is read on first use, which takes some
/// tenths of a second and some tens of megabytes.
public abstract sealed class BytePairs implements Tokenizer {
  private static final EncodingRegistry REGISTRY = Encodings.newLazyEncodingRegistry();

  private final EncodingType type;

  private BytePairs(EncodingType type) {
    this.type = type;
  }

  @Override
  public String name() {
    return type.getName();
  }

  /// What looks like a control token of a model is text like any other.
  @Override
  public long count(CharSequence text) {
    return encoding().countTokensOrdinary(text.toString());
  }

  private Encoding encoding() {
    return REGISTRY.getEncoding(type);
  }

  /// `o200k_base`.
  public static final class O200k extends BytePairs {
    public O200k() {
      super(EncodingType.O200K_BASE);
    }
  }

  /// `cl100k_base`.
  public static final class Cl100k extends BytePairs {
    public Cl100k() {
      super(EncodingType.CL100K_BASE);
    }
  }
}
