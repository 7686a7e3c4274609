package dev.remanence;

import dev.remanence.RemanenceException.InvalidInput;
import java.util.LinkedHashSet;
import org.jspecify.annotations.Nullable;

/// Keyed memories that are what another view shows: assemblies and conflicts. They are no facts.
final class Views {
  private Views() {}

  static boolean isOfAnother(@Nullable String key) {
    return Assembly.isOne(key) || ConflictRecord.isOne(key);
  }

  /// The key of a fact.
  static void requireFact(String key) {
    if (Assembly.isOne(key)) {
      throw belongs(Assembly.KEY_PREFIX, "assemblies");
    }
    if (ConflictRecord.isOne(key)) {
      throw belongs(ConflictRecord.KEY_PREFIX, "conflicts");
    }
  }

  private static InvalidInput belongs(String prefix, String owners) {
    return new InvalidInput(
        "keys that begin with " + prefix + " are those of " + owners, "field", "key");
  }

  /// What a read shows: no conflicts, unless the filter asks for their tag or their keys. They are
  /// about memories and would be found beside each.
  static Filter shown(Filter filter) {
    boolean asked =
        filter.tagsAny().contains(ConflictRecord.TAG)
            || filter.tagsAll().contains(ConflictRecord.TAG)
            || ConflictRecord.isOne(filter.keyPrefix());
    if (asked || filter.tagsNone().contains(ConflictRecord.TAG)) {
      return filter;
    }
    var none = new LinkedHashSet<>(filter.tagsNone());
    none.add(ConflictRecord.TAG);
    return filter.withTagsNone(none);
  }
}
