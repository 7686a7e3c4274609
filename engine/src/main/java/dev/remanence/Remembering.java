package dev.remanence;

import dev.remanence.journal.Body;
import dev.remanence.journal.Header;
import dev.remanence.journal.Reader;
import dev.remanence.journal.SessionTurns;
import dev.remanence.journal.VectorTable;
import dev.remanence.life.Changes;
import dev.remanence.life.Wish;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Contents that come in: their vectors are computed before the writer takes them, and what is
/// nearly the same is looked for while it does.
final class Remembering {
  private final OwnedStore own;
  private final Writing writing;
  private final Provenance caller;

  Remembering(OwnedStore own, Writing writing, Provenance caller) {
    this.own = own;
    this.writing = writing;
    this.caller = caller;
  }

  /// What is remembered under a draft, and by whom.
  Wish wish(Draft draft) {
    return Wishes.of(draft, own.wall.millis(), caller);
  }

  /// What a draft becomes, decided on the writer's thread.
  @FunctionalInterface
  interface Deciding {
    Remembered decide(Changes changes, String scope, Wish wish) throws SQLException;
  }

  List<Remembered> all(String scope, List<Draft> drafts, Deciding deciding) {
    Limits.count("memories", drafts.size(), 1, Limits.BATCH_MAX);
    long now = own.wall.millis();
    var wishes = new ArrayList<Wish>(drafts.size());
    int bytes = 0;
    for (var draft : drafts) {
      var wish = Wishes.of(draft, now, caller);
      wishes.add(wish);
      bytes += 512 + (draft.text == null ? 512 : draft.text.length());
    }
    long turnsChanged = own.journal.turnsChanged();
    var embedded = embed(scope, drafts, wishes);
    var near = new ArrayList<NearDuplicates.Near>();
    var found = new ArrayList<Judging.Found>();
    var outcomes =
        writing.write(
            bytes,
            (changes, ledger) -> {
              var remembered = new ArrayList<Remembered>(wishes.size());
              boolean fresh = ledger.turnsChanged() == turnsChanged;
              for (int i = 0; i < wishes.size(); i++) {
                remembered.add(deciding.decide(changes, scope, wishes.get(i)));
                changes.keepVectors(fresh ? embedded.vectors[i] : null);
              }
              return remembered;
            },
            () -> {
              near.addAll(own.nearDuplicates.of(scope, wishes));
              found.addAll(own.judging.of(scope, wishes, near));
            });
    for (var outcome : outcomes) {
      own.changed(outcome.id());
      outcome.conflicts().forEach(own::changed);
    }
    if (embedded.missing || own.journal.turnsChanged() != turnsChanged) {
      own.meaning.later();
    }
    return own.judging.record(scope, writing, withNear(outcomes, near), found);
  }

  /// Outcomes with what is nearly the same. What these very changes made may be among it, as it is
  /// looked for while they are written.
  private static List<Remembered> withNear(
      List<Remembered> outcomes, List<NearDuplicates.Near> near) {
    var made = new HashSet<UUID>();
    for (var outcome : outcomes) {
      if (outcome.outcome() == Remembered.Outcome.CREATED) {
        made.add(outcome.id());
      }
    }
    var told = new ArrayList<Remembered>(outcomes.size());
    for (int i = 0; i < outcomes.size(); i++) {
      var others = new ArrayList<>(near.get(i).told());
      others.removeAll(made);
      others.remove(outcomes.get(i).id());
      told.add(outcomes.get(i).near(others));
    }
    return told;
  }

  /// The vectors of what is to be remembered.
  ///
  /// @param vectors null where there is none
  /// @param missing whether some were deferred or could not be computed
  private record Embedded(VectorTable.@Nullable Computed[] vectors, boolean missing) {}

  /// Embeds what is new: not what has a vector, is deferred, or is there already.
  private Embedded embed(String scope, List<Draft> drafts, List<Wish> wishes) {
    var computed = new VectorTable.@Nullable Computed[wishes.size()];
    if (!own.meaning.isOn()) {
      return new Embedded(computed, false);
    }
    var places = new ArrayList<Integer>();
    var texts = new ArrayList<Meaning.Text>();
    own.journal.readConsistently(reader -> {
      var turns = new HashMap<String, Body.@Nullable Content>();
      for (int i = 0; i < wishes.size(); i++) {
        var wish = wishes.get(i);
        var content = Objects.requireNonNull(wish.content());
        Body.Content before = null;
        if (content.speaker() != null) {
          var session = Objects.requireNonNull(Objects.requireNonNull(wish.provenance()).session());
          before =
              turns.containsKey(session)
                  ? turns.get(session)
                  : SessionTurns.last(reader, scope, session);
          turns.put(session, content);
        }
        boolean repeated =
            wish.key() == null
                && wish.id() == null
                && !wish.isTurn()
                && isThere(reader, scope, content);
        if (content.vector() == null && !drafts.get(i).defer && !repeated) {
          places.add(i);
          texts.add(new Meaning.Text(content, before));
        }
      }
      return texts;
    });
    var vectors = own.meaning.embed(texts);
    for (int i = 0; vectors != null && i < places.size(); i++) {
      computed[places.get(i)] = vectors.get(i);
    }
    boolean deferred = drafts.stream().anyMatch(draft -> draft.defer && draft.vector == null);
    return new Embedded(computed, deferred || (vectors == null && !texts.isEmpty()));
  }

  Written revise(UUID id, Patch patch) {
    var wishes = Wishes.of(patch);
    long turnsChanged = own.journal.turnsChanged();
    boolean tellsContent = patch.text != null || patch.content != null;
    var computed = tellsContent ? embed(id, patch, wishes) : null;
    var revised =
        writing.write(
            512 + (patch.text == null ? 0 : patch.text.length()),
            (changes, ledger) -> {
              boolean fresh = ledger.turnsChanged() == turnsChanged;
              var written =
                  changes.revise(id, wishes, patch.branch, patch.ifRevision, patch.message);
              changes.keepVectors(fresh ? computed : null);
              return written;
            });
    if (computed == null || own.journal.turnsChanged() != turnsChanged) {
      own.meaning.later();
    }
    return revised;
  }

  /// The vector of a content that is to be, as far as can be told before it is.
  private VectorTable.@Nullable Computed embed(
      UUID id, Patch patch, Function<Body.Content, Wish> wishes) {
    if (!own.meaning.isOn() || patch.vector != null) {
      return null;
    }
    var text =
        own.journal.readConsistently(reader -> {
          var state = reader.state(id);
          var head = state == null || !state.live() ? null : state.head(Header.MAIN);
          if (head == null) {
            return null;
          }
          var entry = reader.entry(head.pos());
          var wished = wishes.apply(reader.value(entry).content()).content();
          return wished == null
              ? null
              : new Meaning.Text(
                  wished,
                  wished.speaker() == null
                      ? null
                      : SessionTurns.before(
                          reader, head.base() == 0 ? entry : reader.entry(head.base())));
        });
    var vectors = text == null ? null : own.meaning.embed(List.of(text));
    return vectors == null ? null : vectors.getFirst();
  }

  private static boolean isThere(Reader reader, String path, Body.Content content)
      throws SQLException {
    long scope = reader.scope(path);
    return scope != 0 && reader.contentHolder(scope, content.identity()) != null;
  }
}
