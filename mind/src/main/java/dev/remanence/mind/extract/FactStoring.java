package dev.remanence.mind.extract;

import dev.remanence.Draft;
import dev.remanence.Fact;
import dev.remanence.Facts;
import dev.remanence.Json;
import dev.remanence.Link;
import dev.remanence.Patch;
import dev.remanence.Provenance;
import dev.remanence.Remanence;
import dev.remanence.RemanenceException.Conflict;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.NotFound;
import dev.remanence.Remembered;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes facts of a text into a store, each under its key with where it came from. A value of a
/// key with one supersedes; a value of a key with many is added; what is said to be over ends. All
/// of it stays in the history; nothing is forgotten or erased.
///
/// A fact is a commit, and one that is added to many is two: its value, then where that came from.
/// A crash between them leaves a value without provenance; the same text again repairs nothing and
/// repeats nothing.
final class FactStoring {
  static final String METHOD = "extraction/1";

  /// With a model, within the bounds of [ModelExtraction].
  static final String METHOD_MODEL = "extraction-model/1";

  private final Remanence store;
  private final Facts facts;
  private final Origin origin;
  private final double confidenceMin;

  FactStoring(Remanence store, String scope, Origin origin, double confidenceMin) {
    this.store = store;
    this.facts = store.facts(scope);
    this.origin = origin;
    this.confidenceMin = confidenceMin;
  }

  List<Stored> all(List<Extracted> extracted) {
    var stored = new ArrayList<Stored>();
    for (var fact : extracted) {
      stored.add(one(fact));
    }
    return List.copyOf(stored);
  }

  private Stored one(Extracted fact) {
    if (fact.confidence() < confidenceMin) {
      return told(fact, "confidence below " + confidenceMin);
    }
    try {
      if (fact.ended()) {
        return end(fact);
      }
      return fact.attribute().many() ? add(fact) : set(fact);
    } catch (Conflict | InvalidInput e) {
      // The key is used otherwise, or the value is none that a store takes: one fact of many.
      return told(fact, String.valueOf(e.getMessage()));
    }
  }

  private static Stored told(Extracted fact, String why) {
    return new Stored(fact, Stored.Outcome.TOLD, null, why);
  }

  private Stored set(Extracted fact) {
    var draft = Draft.of(fact.text()).key(fact.key()).provenance(provenance(fact));
    draft = draft.metadata(words(fact)).links(links());
    var held = held(fact);
    boolean repeats = held != null && held.text().equals(fact.text()) && fact.until() == null;
    if (!repeats) {
      draft.at(fact.from() == null ? origin.said() : fact.from()).until(fact.until());
    }
    return outcome(fact, facts.set(draft));
  }

  private Stored add(Extracted fact) {
    var added = facts.add(fact.key(), Json.of(fact.text()));
    if (added.outcome() != Remembered.Outcome.REINFORCED) {
      store.revise(
          added.id(),
          new Patch()
              .provenance(provenance(fact))
              .metadata(words(fact))
              .links(links())
              .ifRevision(added.revision()));
    }
    return outcome(fact, added);
  }

  private static Stored outcome(Extracted fact, Remembered remembered) {
    return new Stored(
        fact,
        remembered.outcome() == Remembered.Outcome.REINFORCED
            ? Stored.Outcome.CONFIRMED
            : Stored.Outcome.STORED,
        remembered.id(),
        "");
  }

  private Stored end(Extracted fact) {
    var held = held(fact);
    if (held == null) {
      return told(fact, "ended, and the store holds no value");
    }
    if (fact.attribute().many()) {
      for (var value : held.values()) {
        if (value instanceof Json.Str(var text) && text.equalsIgnoreCase(fact.value())) {
          var removed = facts.remove(fact.key(), value);
          return new Stored(fact, Stored.Outcome.ENDED, removed.id(), "");
        }
      }
      return told(fact, "ended, and the store holds other values");
    }
    if (!held.text().equalsIgnoreCase(fact.value())) {
      return told(fact, "ended, and the store holds another value");
    }
    Instant end = fact.until() == null ? origin.said() : fact.until();
    if (!end.isAfter(held.memory().at())) {
      return told(fact, "ended before it began");
    }
    store.revise(held.memory().id(), new Patch().until(end).provenance(provenance(fact)));
    return new Stored(fact, Stored.Outcome.ENDED, held.memory().id(), "");
  }

  private @Nullable Fact held(Extracted fact) {
    try {
      return facts.get(fact.key());
    } catch (NotFound _) {
      return null;
    }
  }

  private Provenance provenance(Extracted fact) {
    var source = origin.source() == null ? "" : origin.source();
    return new Provenance(
        origin.session(),
        null,
        source + "#" + fact.start() + "-" + fact.end(),
        origin.said(),
        fact.isByModel() ? METHOD_MODEL : METHOD,
        fact.confidence(),
        null,
        origin.memory());
  }

  private static Json.Obj words(Extracted fact) {
    return Json.object()
        .put("entity", fact.entity())
        .put("attribute", fact.attribute().name())
        .build();
  }

  private List<Link> links() {
    return origin.memory() == null ? List.of() : List.of(new Link("derived_from", origin.memory()));
  }
}
