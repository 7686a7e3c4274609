package dev.remanence.daemon.client;

import dev.remanence.AsOf;
import dev.remanence.AssemblyDraft;
import dev.remanence.BackupSchedule;
import dev.remanence.Draft;
import dev.remanence.Filter;
import dev.remanence.Json;
import dev.remanence.Limits;
import dev.remanence.Listing;
import dev.remanence.Patch;
import dev.remanence.Provenance;
import dev.remanence.Query;
import dev.remanence.Range;
import dev.remanence.Retention;
import dev.remanence.Similar;
import dev.remanence.Turn;
import dev.remanence.daemon.protocol.Shape;
import dev.remanence.daemon.protocol.Times;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What callers hand over, written as the params that the protocol reads back to the same.
///
/// What was not told is left out, and what the protocol would fill in by itself - the scope of a
/// caller - is always said. Limits are the owner's to check, except where a value beyond them has
/// no written form: such a one is refused here, in the owner's words.
final class Encoded {
  private Encoded() {}

  /// Text that a line can carry.
  static String text(String field, String value) {
    Limits.unicode(field, value);
    return value;
  }

  static @Nullable String optionalText(String field, @Nullable String value) {
    return value == null ? null : text(field, value);
  }

  static Shape in(String scope) {
    return new Shape().put("scope", Limits.scope(scope));
  }

  static Shape of(UUID id) {
    return new Shape().put("id", id);
  }

  /// The owner may work in another directory, so a path is sent whole.
  static Path path(Path path) {
    return path.toAbsolutePath().normalize();
  }

  static @Nullable String word(@Nullable Enum<?> constant) {
    return constant == null ? null : nameOf(constant);
  }

  // Writing

  static Shape draft(Shape shape, Draft draft) {
    var told = draft.told();
    return beside(
        told,
        shape
            .put("text", told.text())
            .put("content", told.content())
            .put("speaker", told.speaker()));
  }

  static Json turn(Turn turn) {
    return new Shape()
        .put("role", turn.role())
        .put("speaker", turn.speaker())
        .put("text", turn.text())
        .put("at", turn.at())
        .build();
  }

  static Shape fact(Shape shape, Draft draft) {
    var told = draft.told();
    var text = told.text();
    return beside(told, shape.put("value", text == null ? told.content() : Json.of(text)));
  }

  /// What a draft tells beside its content.
  private static Shape beside(Draft.Told told, Shape shape) {
    shape
        .put("kind", word(told.kind()))
        .put("key", told.key())
        .put("tags", texts(told.tags()))
        .put("metadata", told.metadata())
        .put("importance", told.importance())
        .put("pinned", flag(told.pinned()))
        .put("links", links(told.links()))
        .put("at", told.at())
        .put("until", told.until())
        .put("ttl", duration(told.ttl()))
        .put("vector", vector(told.vector()))
        .put("id", told.id());
    if (!told.provenance().equals(Provenance.NONE)) {
      shape.put("provenance", provenance(told.provenance()));
    }
    return told.defer() ? shape.put("defer", true) : shape;
  }

  static Shape patch(UUID id, Patch patch) {
    var told = patch.told();
    return of(id)
        .put("text", told.text())
        .put("content", told.content())
        .put("kind", word(told.kind()))
        .put("key", told.keyless() ? Json.ofNull() : string(told.key()))
        .put("speaker", told.speakerless() ? Json.ofNull() : string(told.speaker()))
        .put("tags", texts(told.tags()))
        .put("metadata", told.metadata())
        .put("importance", told.importance())
        .put("pinned", flag(told.pinned()))
        .put("links", links(told.links()))
        .put("at", told.at())
        .put(
            "until",
            told.untilOpen()
                ? Json.ofNull()
                : string(told.until() == null ? null : Times.format(told.until())))
        .put(
            "expires",
            told.expiresNever()
                ? Json.ofNull()
                : string(told.expires() == null ? null : Times.format(told.expires())))
        .put("provenance", told.provenance() == null ? null : provenance(told.provenance()))
        .put("vector", vector(told.vector()))
        .put("ifRevision", integer(told.ifRevision()))
        .put("message", told.message())
        .put("branch", told.branch());
  }

  static Shape assembly(String scope, AssemblyDraft draft) {
    var told = draft.told();
    return in(scope)
        .put("name", told.name())
        .put("description", told.description())
        .put("members", ids(told.members()))
        .put("tags", texts(told.tags()))
        .put("metadata", told.metadata())
        .put("importance", told.importance())
        .put("pinned", flag(told.pinned()));
  }

  private static Json.Obj provenance(Provenance provenance) {
    return new Shape()
        .put("session", provenance.session())
        .put("tool", provenance.tool())
        .put("source", provenance.source())
        .put("sourceTime", provenance.sourceTime())
        .put("method", provenance.method())
        .put("confidence", provenance.confidence())
        .put("lastConfirmed", provenance.lastConfirmed())
        .put("parent", provenance.parent())
        .build();
  }

  private static @Nullable Json links(@Nullable List<dev.remanence.Link> links) {
    if (links == null) {
      return null;
    }
    var list = new ArrayList<Json>(links.size());
    for (var link : links) {
      list.add(new Shape().put("type", link.type()).put("to", link.to()).build());
    }
    return Json.array(list);
  }

  // Reading

  static Shape asOf(Shape shape, AsOf asOf) {
    return shape
        .put("knownAt", asOf.knownAt())
        .put("validAt", asOf.validAt())
        .put("branch", asOf.branch());
  }

  static Shape query(String scope, Query query) {
    return in(scope)
        .put("query", query.text())
        .put("limit", query.limit())
        .put("filter", optionalFilter(query.filter()))
        .put("knownAt", query.asOf().knownAt())
        .put("validAt", query.asOf().validAt())
        .put("maxTokens", integer(query.maxTokens()))
        .put("explain", query.explain())
        .put("inherit", query.inherit())
        .put("vector", vector(query.vector()))
        .put("cursor", query.cursor())
        .put("neighbours", query.neighbours());
  }

  static Shape similar(String scope, Similar question) {
    return in(scope)
        .put("id", question.id())
        .put("text", question.text())
        .put("vector", vector(question.vector()))
        .put("threshold", Double.valueOf(question.threshold()))
        .put("limit", question.limit())
        .put("filter", optionalFilter(question.filter()))
        .put("inherit", question.inherit());
  }

  static Shape listing(String scope, Listing listing) {
    return in(scope)
        .put("filter", optionalFilter(listing.filter()))
        .put("order", word(listing.order()))
        .put("limit", listing.limit())
        .put("cursor", listing.cursor())
        .put("inherit", listing.inherit());
  }

  static Shape range(String scope, Range range) {
    return in(scope)
        .put("from", range.from())
        .put("to", range.to())
        .put("by", word(range.by()))
        .put("limit", range.limit())
        .put("cursor", range.cursor())
        .put("filter", optionalFilter(range.filter()))
        .put("inherit", range.inherit());
  }

  static Json.@Nullable Obj optionalFilter(Filter filter) {
    return filter.equals(Filter.ALL) ? null : filter(filter);
  }

  static Json.Obj filter(Filter filter) {
    var tags =
        new Shape()
            .put("any", texts(filter.tagsAny()))
            .put("all", texts(filter.tagsAll()))
            .put("none", texts(filter.tagsNone()))
            .build();
    var metadata = new Shape();
    filter.metadata().forEach((key, tests) -> metadata.put(key, tests(tests)));
    var importance =
        new Shape().put("min", filter.importanceMin()).put("max", filter.importanceMax()).build();
    var prefix = filter.keyPrefix();
    return new Shape()
        .put("kind", texts(filter.kinds().stream().map(Encoded::nameOf).toList()))
        .put("tags", tags)
        .put("metadata", metadata.build())
        .put("at", span(filter.at()))
        .put("recorded", span(filter.recorded()))
        .put("importance", importance)
        .put("key", prefix == null ? null : new Shape().put("prefix", prefix).build())
        .put("tool", filter.tool())
        .put("session", filter.session())
        .put("pinned", flag(filter.pinned()))
        .build();
  }

  private static Json.@Nullable Obj span(Filter.@Nullable Span span) {
    return span == null ? null : new Shape().put("from", span.from()).put("to", span.to()).build();
  }

  /// In the shortest form that says the same: a bare value, an object of comparisons, or, where one
  /// comparison occurs twice, a list of such objects.
  private static Json tests(List<Filter.Test> tests) {
    var ops = EnumSet.noneOf(Filter.Op.class);
    tests.forEach(test -> ops.add(test.op()));
    if (tests.isEmpty() || ops.size() < tests.size()) {
      return new Shape().list("all", tests, test -> comparison(new Shape(), test).build()).build();
    }
    var first = tests.getFirst();
    if (tests.size() == 1
        && first.op() == Filter.Op.EQ
        && !(first.values().getFirst() instanceof Json.Obj)) {
      return first.values().getFirst();
    }
    var comparisons = new Shape();
    tests.forEach(test -> comparison(comparisons, test));
    return comparisons.build();
  }

  private static Shape comparison(Shape comparisons, Filter.Test test) {
    return comparisons.put(
        nameOf(test.op()),
        test.op() == Filter.Op.IN ? Json.array(test.values()) : test.values().getFirst());
  }

  // Care

  static Shape backup(Path directory, Retention retention) {
    return new Shape()
        .put("to", path(directory))
        .put("keep", duration(retention.age()))
        .put("count", integer(retention.count()));
  }

  static Shape schedule(@Nullable BackupSchedule schedule) {
    return schedule == null
        ? new Shape().put("every", "off")
        : backup(schedule.directory(), schedule.retention())
            .put("every", duration(schedule.interval()));
  }

  // Values

  private static String nameOf(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static @Nullable Json string(@Nullable String value) {
    return value == null ? null : Json.of(value);
  }

  private static @Nullable Json flag(@Nullable Boolean value) {
    return value == null ? null : Json.of(value.booleanValue());
  }

  private static @Nullable Json integer(@Nullable Integer value) {
    return value == null ? null : Json.of(value.longValue());
  }

  /// In whole milliseconds, and never none where there was some.
  private static @Nullable String duration(@Nullable Duration value) {
    var least = Duration.ofMillis(1);
    return value == null ? null : Times.format(value.compareTo(least) < 0 ? least : value);
  }

  private static @Nullable Json texts(@Nullable Iterable<String> values) {
    if (values == null) {
      return null;
    }
    var list = new ArrayList<Json>();
    values.forEach(value -> list.add(Json.of(value)));
    return Json.array(list);
  }

  static @Nullable Json ids(@Nullable Iterable<UUID> values) {
    if (values == null) {
      return null;
    }
    var list = new ArrayList<Json>();
    values.forEach(value -> list.add(Json.of(value.toString())));
    return Json.array(list);
  }

  private static @Nullable Json vector(float @Nullable [] vector) {
    if (vector == null) {
      return null;
    }
    var list = new ArrayList<Json>(vector.length);
    for (float number : vector) {
      list.add(Json.of((double) number));
    }
    return Json.array(list);
  }
}
