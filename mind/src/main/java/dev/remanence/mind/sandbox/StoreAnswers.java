package dev.remanence.mind.sandbox;

import dev.remanence.Fact;
import dev.remanence.Facts;
import dev.remanence.Hit;
import dev.remanence.Json;
import dev.remanence.Link;
import dev.remanence.Memory;
import dev.remanence.Page;
import dev.remanence.Provenance;
import dev.remanence.Recall;
import dev.remanence.Remanence.ScopeInfo;
import dev.remanence.Remembered;
import dev.remanence.Revised;
import dev.remanence.Written;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The store's records as JSON, shaped as docs/protocol.md has them: what is null is left out.
final class StoreAnswers {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private StoreAnswers() {}

  static Json.Obj memory(Memory memory) {
    var fields = Json.object();
    put(fields, "id", memory.id());
    fields.put("scope", memory.scope()).put("kind", memory.kind().word());
    put(fields, "key", memory.key());
    put(fields, "text", memory.text());
    put(fields, "content", memory.content());
    put(fields, "speaker", memory.speaker());
    fields
        .put("tags", list(memory.tags(), Json::of))
        .put("metadata", memory.metadata())
        .put("importance", memory.importance())
        .put("pinned", memory.pinned())
        .put("links", list(memory.links(), StoreAnswers::link));
    put(fields, "at", memory.at());
    put(fields, "until", memory.until());
    fields.put("revision", memory.revision());
    if (!memory.branch().equals("main")) {
      fields.put("branch", memory.branch());
    }
    put(fields, "createdAt", memory.createdAt());
    put(fields, "updatedAt", memory.updatedAt());
    fields.put("count", memory.count()).put("uses", memory.uses());
    fields.put("strength", memory.strength()).put("provenance", provenance(memory.provenance()));
    put(fields, "expires", memory.expires());
    return fields.put("durable", memory.durable()).put("hash", memory.hash()).build();
  }

  private static Json link(Link link) {
    return Json.object().put("type", link.type()).put("to", link.to().toString()).build();
  }

  private static Json provenance(Provenance provenance) {
    var fields = Json.object();
    put(fields, "session", provenance.session());
    put(fields, "tool", provenance.tool());
    put(fields, "source", provenance.source());
    put(fields, "sourceTime", provenance.sourceTime());
    put(fields, "method", provenance.method());
    put(fields, "confidence", provenance.confidence());
    put(fields, "lastConfirmed", provenance.lastConfirmed());
    put(fields, "parent", provenance.parent());
    return fields.build();
  }

  static Json remembered(Remembered remembered) {
    return Json.object()
        .put("id", remembered.id().toString())
        .put("revision", remembered.revision())
        .put("outcome", remembered.outcome().word())
        .put("nearDuplicates", list(remembered.nearDuplicates(), StoreAnswers::id))
        .put("conflicts", list(remembered.conflicts(), StoreAnswers::id))
        .put("durable", remembered.durable())
        .build();
  }

  static Json written(Written written) {
    return Json.object()
        .put("id", written.id().toString())
        .put("revision", written.revision())
        .build();
  }

  static Json page(Page page) {
    var fields = Json.object().put("memories", list(page.memories(), StoreAnswers::memory));
    put(fields, "cursor", page.cursor());
    return fields.build();
  }

  static Json recall(Recall recall) {
    var fields =
        Json.object()
            .put("hits", list(recall.hits(), StoreAnswers::hit))
            .put("truncated", recall.truncated());
    put(fields, "cursor", recall.cursor());
    return fields.put("legs", recall.legs()).build();
  }

  static Json hits(List<Hit> hits) {
    return Json.object().put("hits", list(hits, StoreAnswers::hit)).build();
  }

  private static Json hit(Hit hit) {
    var fields = Json.object().put("memory", memory(hit.memory())).put("score", hit.score());
    put(fields, "why", hit.why());
    if (!hit.before().isEmpty()) {
      fields.put("before", list(hit.before(), StoreAnswers::memory));
    }
    if (!hit.after().isEmpty()) {
      fields.put("after", list(hit.after(), StoreAnswers::memory));
    }
    return fields.build();
  }

  static Json history(List<Revised> revisions) {
    return Json.object().put("revisions", list(revisions, StoreAnswers::revised)).build();
  }

  private static Json revised(Revised revised) {
    var fields =
        Json.object()
            .put("id", revised.id().toString())
            .put("revision", revised.revision())
            .put("change", revised.change().word())
            .put("branch", revised.branch());
    put(fields, "recordedAt", revised.recordedAt());
    put(fields, "session", revised.session());
    put(fields, "tool", revised.tool());
    put(fields, "message", revised.message());
    fields.put("erased", revised.erased());
    var memory = revised.memory();
    put(fields, "memory", memory == null ? null : memory(memory));
    return fields.build();
  }

  static Json scopes(List<ScopeInfo> scopes) {
    return Json.object().put("scopes", list(scopes, StoreAnswers::scope)).build();
  }

  private static Json scope(ScopeInfo scope) {
    return Json.object().put("scope", scope.scope()).put("memories", scope.memories()).build();
  }

  static Json facts(Facts.Page page) {
    var fields = Json.object().put("facts", list(page.facts(), StoreAnswers::fact));
    put(fields, "after", page.after());
    return fields.build();
  }

  static Json fact(Fact fact) {
    var memory = fact.memory();
    var fields =
        Json.object()
            .put("key", fact.key())
            .put("value", fact.value())
            .put("many", fact.isMany())
            .put("scope", memory.scope())
            .put("id", memory.id().toString());
    put(fields, "at", memory.at());
    put(fields, "until", memory.until());
    fields.put("revision", memory.revision());
    put(fields, "updatedAt", memory.updatedAt());
    fields.put("pinned", memory.pinned());
    put(fields, "confidence", memory.provenance().confidence());
    return fields.build();
  }

  private static Json id(UUID id) {
    return Json.of(id.toString());
  }

  static <T> Json list(List<T> items, Function<T, Json> shape) {
    var list = new ArrayList<Json>(items.size());
    items.forEach(item -> list.add(shape.apply(item)));
    return Json.array(list);
  }

  private static void put(Json.Fields fields, String name, @Nullable Object value) {
    switch (value) {
      case null -> {}
      case Json json -> fields.put(name, json);
      case Instant time -> fields.put(name, TIME.format(time));
      case Double number -> fields.put(name, number.doubleValue());
      default -> fields.put(name, value.toString());
    }
  }
}
