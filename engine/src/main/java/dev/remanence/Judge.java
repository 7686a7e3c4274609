package dev.remanence;

import dev.remanence.ConflictRecord.Reason;
import dev.remanence.ConflictRecord.Relation;
import java.time.Instant;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/// Tells whether two statements can both stand: docs/conflicts.md. Pure and thread-safe. Found on
/// the class path, as `remanence-mind` brings one; without one nothing is judged.
public interface Judge {

  /// What is judged: what a memory says, and what one must know to read it.
  ///
  /// @param key under which it is kept, or null
  /// @param at since when it holds, or when it was said
  /// @param until when it holds no longer, or null
  record Statement(
      String text,
      @Nullable String key,
      @Nullable String speaker,
      Instant at,
      @Nullable Instant until) {

    /// The same about a part of the text.
    public Statement part(String sentence) {
      return new Statement(sentence, key, speaker, at, until);
    }
  }

  /// How the newer of two statements stands to the older.
  ///
  /// @param score from 0 to 1: how alike the two are, or how surely both were read
  record Verdict(Relation relation, Reason reason, double score) {
    public Verdict {
      Limits.unit("score", score);
    }
  }

  /// The verdict; null where both can stand, or nothing can be told.
  @Nullable Verdict judge(Statement older, Statement newer);

  /// The keys under which memories are kept that say what a statement says.
  List<String> keys(Statement statement);

  /// The judge on the class path, or null.
  static @Nullable Judge installed() {
    return ServiceLoader.load(Judge.class, Judge.class.getClassLoader()).findFirst().orElse(null);
  }
}
