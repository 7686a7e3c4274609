package dev.remanence.life;

import dev.remanence.Json;
import dev.remanence.RemanenceException.Conflict;
import dev.remanence.journal.Body;
import dev.remanence.journal.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A three-way merge of two values that began as one. A field that one side changed takes that
/// side's; tags and links merge as sets, metadata by key, text by lines and words. Where both sides
/// changed the same thing differently, the preferred side wins, or the merge is refused with a
/// `Conflict` that names the fields.
public final class ThreeWay {
  /// Who wins where both changed the same thing.
  public enum Side {
    OURS,
    THEIRS,
    NEITHER
  }

  private final Value base;
  private final Value ours;
  private final Value theirs;
  private final Side preferred;
  private final List<String> conflicts = new ArrayList<>();

  private ThreeWay(Value base, Value ours, Value theirs, Side preferred) {
    this.base = base;
    this.ours = ours;
    this.theirs = theirs;
    this.preferred = preferred;
  }

  static Value merge(Value base, Value ours, Value theirs, Side preferred) {
    return new ThreeWay(base, ours, theirs, preferred).merge();
  }

  private Value merge() {
    var content = content();
    var attributes =
        new Body.Attributes(
            attribute("kind", Body.Attributes::kind),
            attribute("key", Body.Attributes::key),
            Wish.sorted(set(Body.Attributes::tags)),
            metadata(),
            attribute("importance", Body.Attributes::importance),
            attribute("pinned", Body.Attributes::pinned),
            Wish.sortedLinks(set(Body.Attributes::links)),
            attribute("expires", Body.Attributes::expires),
            Math.max(
                1,
                ours.attributes().count()
                    + theirs.attributes().count()
                    - base.attributes().count()),
            ours.attributes().provenance());
    if (!conflicts.isEmpty()) {
      throw new Conflict(
          "both sides changed "
              + String.join(", ", conflicts)
              + "; say which side to prefer, or revise one side first",
          "fields",
          String.join(",", conflicts));
    }
    return new Value(content, attributes);
  }

  private Body.Content content() {
    var before = base.content();
    var mine = ours.content();
    var other = theirs.content();
    if (sameWords(before, other) || sameWords(mine, other)) {
      return mine;
    }
    if (sameWords(before, mine)) {
      return other;
    }
    if (before.text() != null && mine.text() != null && other.text() != null) {
      var merged = TextDiff.merge(before.text(), mine.text(), other.text());
      if (merged.conflicts().isEmpty()) {
        return new Body.Content(
            merged.text(),
            null,
            choose("speaker", before.speaker(), mine.speaker(), other.speaker()),
            null);
      }
    }
    return Objects.requireNonNull(choose("content", before, mine, other));
  }

  private static boolean sameWords(Body.Content one, Body.Content other) {
    return Objects.equals(one.text(), other.text())
        && Objects.equals(one.json(), other.json())
        && Objects.equals(one.speaker(), other.speaker());
  }

  private <T extends @Nullable Object> T attribute(
      String name, Function<Body.Attributes, T> field) {
    return choose(
        name,
        field.apply(base.attributes()),
        field.apply(ours.attributes()),
        field.apply(theirs.attributes()));
  }

  private <T extends @Nullable Object> T choose(String name, T before, T mine, T other) {
    if (Objects.equals(before, other) || Objects.equals(mine, other)) {
      return mine;
    }
    if (Objects.equals(before, mine)) {
      return other;
    }
    return switch (preferred) {
      case OURS -> mine;
      case THEIRS -> other;
      case NEITHER -> {
        conflicts.add(name);
        yield mine;
      }
    };
  }

  /// What either side has, without what either side took away.
  private <T> Set<T> set(Function<Body.Attributes, List<T>> field) {
    var before = field.apply(base.attributes());
    var mine = field.apply(ours.attributes());
    var other = field.apply(theirs.attributes());
    var merged = new LinkedHashSet<>(mine);
    merged.addAll(other);
    merged.removeIf(
        each -> before.contains(each) && !(mine.contains(each) && other.contains(each)));
    return merged;
  }

  private Json.Obj metadata() {
    var before = base.attributes().metadata().fields();
    var mine = ours.attributes().metadata().fields();
    var other = theirs.attributes().metadata().fields();
    var names = new LinkedHashSet<>(mine.keySet());
    names.addAll(other.keySet());
    var merged = new LinkedHashMap<String, Json>();
    for (var name : names) {
      Json chosen = choose("metadata." + name, before.get(name), mine.get(name), other.get(name));
      if (chosen != null) {
        merged.put(name, chosen);
      }
    }
    return new Json.Obj(merged);
  }
}
