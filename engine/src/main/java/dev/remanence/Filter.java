package dev.remanence;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// Which memories a read is about. A part that is null or empty lets everything pass; the parts
/// that are there must all hold.
public record Filter(
    Set<Kind> kinds,
    Set<String> tagsAny,
    Set<String> tagsAll,
    Set<String> tagsNone,
    Map<String, List<Test>> metadata,
    @Nullable Span at,
    @Nullable Span recorded,
    @Nullable Double importanceMin,
    @Nullable Double importanceMax,
    @Nullable String keyPrefix,
    @Nullable String tool,
    @Nullable String session,
    @Nullable Boolean pinned) {

  /// Lets everything pass.
  public static final Filter ALL =
      new Filter(
          Set.of(), Set.of(), Set.of(), Set.of(), Map.of(), null, null, null, null, null, null,
          null, null);

  public Filter {
    kinds = Set.copyOf(kinds);
    tagsAny = Set.copyOf(tagsAny);
    tagsAll = Set.copyOf(tagsAll);
    tagsNone = Set.copyOf(tagsNone);
    metadata = Map.copyOf(metadata);
    tagsAny.forEach(tag -> Limits.unicode("filter.tags.any", tag));
    tagsAll.forEach(tag -> Limits.unicode("filter.tags.all", tag));
    tagsNone.forEach(tag -> Limits.unicode("filter.tags.none", tag));
    metadata.keySet().forEach(key -> Limits.unicode("filter.metadata", key));
    optionalUnicode("filter.key.prefix", keyPrefix);
    optionalUnicode("filter.tool", tool);
    optionalUnicode("filter.session", session);
    if (importanceMin != null) {
      Limits.unit("filter.importance.min", importanceMin);
    }
    if (importanceMax != null) {
      Limits.unit("filter.importance.max", importanceMax);
    }
  }

  private static void optionalUnicode(String field, @Nullable String value) {
    if (value != null) {
      Limits.unicode(field, value);
    }
  }

  public static Filter kind(Kind... kinds) {
    return ALL.withKinds(Set.of(kinds));
  }

  public static Filter tagged(String... tags) {
    return ALL.withTagsAll(Set.of(tags));
  }

  public Filter withKinds(Set<Kind> kinds) {
    return new Filter(
        kinds,
        tagsAny,
        tagsAll,
        tagsNone,
        metadata,
        at,
        recorded,
        importanceMin,
        importanceMax,
        keyPrefix,
        tool,
        session,
        pinned);
  }

  public Filter withTagsAll(Set<String> tagsAll) {
    return new Filter(
        kinds,
        tagsAny,
        tagsAll,
        tagsNone,
        metadata,
        at,
        recorded,
        importanceMin,
        importanceMax,
        keyPrefix,
        tool,
        session,
        pinned);
  }

  public Filter withKeyPrefix(String keyPrefix) {
    return new Filter(
        kinds,
        tagsAny,
        tagsAll,
        tagsNone,
        metadata,
        at,
        recorded,
        importanceMin,
        importanceMax,
        keyPrefix,
        tool,
        session,
        pinned);
  }

  public Filter withTagsNone(Set<String> tagsNone) {
    return new Filter(
        kinds,
        tagsAny,
        tagsAll,
        tagsNone,
        metadata,
        at,
        recorded,
        importanceMin,
        importanceMax,
        keyPrefix,
        tool,
        session,
        pinned);
  }

  public Filter withPinned(boolean pinned) {
    return new Filter(
        kinds,
        tagsAny,
        tagsAll,
        tagsNone,
        metadata,
        at,
        recorded,
        importanceMin,
        importanceMax,
        keyPrefix,
        tool,
        session,
        pinned);
  }

  /// The same with other spans of time.
  Filter within(@Nullable Span at, @Nullable Span recorded) {
    return new Filter(
        kinds,
        tagsAny,
        tagsAll,
        tagsNone,
        metadata,
        at,
        recorded,
        importanceMin,
        importanceMax,
        keyPrefix,
        tool,
        session,
        pinned);
  }

  /// A number for what passes, the same in every process; hash codes of enums are not.
  int number() {
    int kindBits = 0;
    for (var kind : kinds) {
      kindBits |= 1 << kind.code();
    }
    int tests = 0;
    for (var entry : metadata.entrySet()) {
      int number = entry.getKey().hashCode();
      for (var test : entry.getValue()) {
        number = 31 * number + Objects.hash(test.op.name(), test.values);
      }
      tests += number;
    }
    return Objects.hash(
        kindBits,
        tagsAny,
        tagsAll,
        tagsNone,
        tests,
        at,
        recorded,
        importanceMin,
        importanceMax,
        keyPrefix,
        tool,
        session,
        pinned);
  }

  /// Whether no part looks at what only the memory itself can tell.
  public boolean looksAtColumnsOnly() {
    return tagsNone.isEmpty() && leavesOutAtMost();
  }

  /// Whether the only such part is that some tags are left out.
  public boolean leavesOutAtMost() {
    return tagsAny.isEmpty()
        && tagsAll.isEmpty()
        && metadata.isEmpty()
        && keyPrefix == null
        && tool == null
        && session == null;
  }

  /// `[from, to)`, open where null.
  public record Span(@Nullable Instant from, @Nullable Instant to) {
    public Span {
      from = Limits.optionalMoment("from", from);
      to = Limits.optionalMoment("to", to);
    }

    /// What both cover; null is everything.
    static Span both(@Nullable Span one, Span other) {
      return one == null ? other : new Span(later(one.from, other.from), earlier(one.to, other.to));
    }

    private static @Nullable Instant later(@Nullable Instant one, @Nullable Instant other) {
      return one == null || (other != null && other.isAfter(one)) ? other : one;
    }

    private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
      return one == null || (other != null && other.isBefore(one)) ? other : one;
    }

    public boolean covers(Instant moment) {
      return (from == null || !moment.isBefore(from)) && (to == null || moment.isBefore(to));
    }
  }

  /// A test of one metadata value. Order is defined between numbers and between strings; any other
  /// pair fails the comparison. A value that is missing passes only `ne`.
  public record Test(Op op, List<Json> values) {
    public Test {
      values = List.copyOf(values);
      if (op != Op.IN && values.size() != 1) {
        throw new RemanenceException.InvalidInput(
            "a metadata test compares with one value", "found", values.size());
      }
    }

    public static Test is(Json value) {
      return new Test(Op.EQ, List.of(value));
    }

    public boolean passes(@Nullable Json found) {
      return switch (op) {
        case EQ -> values.getFirst().equals(found);
        case NE -> !values.getFirst().equals(found);
        case IN -> found != null && values.contains(found);
        case GT -> compares(found, order -> order > 0);
        case GTE -> compares(found, order -> order >= 0);
        case LT -> compares(found, order -> order < 0);
        case LTE -> compares(found, order -> order <= 0);
      };
    }

    private boolean compares(@Nullable Json found, IntPredicate wanted) {
      return switch (found) {
        case Json.Num(var number) when values.getFirst() instanceof Json.Num(var other) ->
            wanted.test(Double.compare(number, other));
        case Json.Str(var text) when values.getFirst() instanceof Json.Str(var other) ->
            wanted.test(text.compareTo(other));
        case null, default -> false;
      };
    }
  }

  public enum Op {
    EQ,
    NE,
    GT,
    GTE,
    LT,
    LTE,
    IN
  }
}
