package dev.remanence.mind.extract;

import dev.remanence.Json;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A fact that a text states, and the words that state it. Offsets count characters of the turn's
/// text; ends are exclusive.
///
/// @param entity who or what it is about, as the text writes it
/// @param from since when it holds, or when it happens; null where nothing is said
/// @param until when it holds no longer; null where nothing is said
/// @param ended whether the text says that this value holds no longer
/// @param correction whether it takes the place of what was said wrongly before
/// @param confidence between 0 and 1
/// @param reasons what raised or lowered the confidence, `name=amount`
public record Extracted(
    String entity,
    Attribute attribute,
    String value,
    @Nullable Instant from,
    @Nullable Instant until,
    boolean ended,
    boolean correction,
    double confidence,
    List<String> reasons,
    int start,
    int end,
    int sentenceStart,
    int sentenceEnd) {
  /// The reason that a model's facts have, and no others.
  static final String BY_MODEL = "model=";

  public Extracted {
    reasons = List.copyOf(reasons);
    assert sentenceStart <= start && start < end && end <= sentenceEnd;
    assert confidence >= 0 && confidence <= 1;
  }

  /// The key under which a store holds it: `entity/attribute`.
  public String key() {
    return FactKey.of(entity, attribute);
  }

  /// The value as a store keeps it: with its date, where it is something that happens.
  public String text() {
    return attribute.dated() && from != null
        ? value + " (" + from.toString().substring(0, from.toString().indexOf('T')) + ")"
        : value;
  }

  /// Whether a model told it, and not a rule.
  public boolean isByModel() {
    return reasons.stream().anyMatch(reason -> reason.startsWith(BY_MODEL));
  }

  /// The same, in a text in which the turn begins at an offset.
  Extracted shifted(int by) {
    return new Extracted(
        entity,
        attribute,
        value,
        from,
        until,
        ended,
        correction,
        confidence,
        reasons,
        start + by,
        end + by,
        sentenceStart + by,
        sentenceEnd + by);
  }

  /// As `autoExtract` answers it.
  Json.Obj toJson() {
    var json =
        Json.object()
            .put("entity", entity)
            .put("attribute", attribute.name())
            .put("value", value)
            .put("many", attribute.many())
            .put("key", key());
    if (from != null) {
      json.put("from", from.toString());
    }
    if (until != null) {
      json.put("until", until.toString());
    }
    return json.put("ended", ended)
        .put("correction", correction)
        .put("confidence", confidence)
        .put("start", start)
        .put("end", end)
        .build();
  }
}
