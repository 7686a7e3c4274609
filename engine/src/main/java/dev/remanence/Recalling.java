package dev.remanence;

import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.Selection.Chosen;
import dev.remanence.Selection.Source;
import dev.remanence.image.View;
import dev.remanence.image.View.Moment;
import dev.remanence.journal.Header;
import dev.remanence.journal.HybridClock;
import dev.remanence.journal.SqliteJournal;
import dev.remanence.recall.Blend;
import dev.remanence.recall.Inquiry;
import dev.remanence.recall.Nearness;
import dev.remanence.recall.Ranking;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Finds memories for a question, and what is near to a text, a vector or a memory. Thread-safe.
final class Recalling {
  private final SqliteJournal journal;
  private final Reading reading;
  private final Meaning meaning;
  private final Uses uses;
  private final InstantSource wall;
  private final Ranking ranking = new Ranking();

  Recalling(
      SqliteJournal journal, Reading reading, Meaning meaning, Uses uses, InstantSource wall) {
    this.journal = journal;
    this.reading = reading;
    this.meaning = meaning;
    this.uses = uses;
    this.wall = wall;
  }

  /// For measuring what each part of the score is worth.
  Recall recall(List<Source> sources, Query query, Blend blend) {
    var asOf = query.asOf();
    long millis = asOf.knownAt() == null ? wall.millis() : asOf.knownAt().toEpochMilli();
    var moment =
        new Moment(
            asOf.knownAt() == null ? null : HybridClock.endOf(millis),
            asOf.validAt() == null ? null : asOf.validAt().toEpochMilli(),
            millis);
    var views = sources.stream().map(Source::view).toList();
    requireDimension(query.vector(), views);
    var asked = asked(sources, moment, query.filter());
    var speakers = new HashSet<String>();
    asked.forEach(each -> speakers.addAll(each.scan().speakers()));
    var inquiry =
        Inquiry.of(
            query.text(),
            speakers,
            meaning.ask(query.text(), query.vector(), views),
            Instant.ofEpochMilli(millis));
    return answer(query, sources, ranking.rank(inquiry, asked, blend, query.limit() + 1));
  }

  private static List<Ranking.Asked> asked(List<Source> sources, Moment moment, Filter filter) {
    return sources.stream()
        .map(source -> new Ranking.Asked(source.view(), source.view().scan(moment, filter)))
        .toList();
  }

  /// The best that there is room for: memories in full, as many as were asked for, within the
  /// tokens.
  private Recall answer(Query query, List<Source> sources, Ranking.Answer answer) {
    var loaded =
        reading.rows(
            answer.best().stream()
                .map(each -> Chosen.of(sources.get(each.source()), each.row()))
                .toList());
    var hits = new ArrayList<Hit>();
    long tokens = 0;
    for (int i = 0; i < loaded.size(); i++) {
      var memory = loaded.get(i);
      if (memory == null) {
        continue;
      }
      tokens += (memory.body().length() + 3) / 4;
      if (hits.size() == query.limit()
          || (query.maxTokens() != null && tokens > query.maxTokens())) {
        return new Recall(hits, true, legs(answer));
      }
      if (query.asOf().knownAt() == null) {
        uses.count(memory.id());
      }
      var ranked = answer.best().get(i);
      hits.add(new Hit(memory, ranked.score(), query.explain() ? ranked.explained() : null));
    }
    return new Recall(hits, false, legs(answer));
  }

  private static Json.Obj legs(Ranking.Answer answer) {
    return Json.object()
        .put("words", Json.object().put("matched", (long) answer.words()).build())
        .put("meaning", Json.object().put("near", (long) answer.meaning()).build())
        .put("candidates", (long) answer.candidates())
        .build();
  }

  List<Hit> similar(List<Source> sources, Similar question) {
    var views = sources.stream().map(Source::view).toList();
    requireDimension(question.vector(), views);
    var near =
        Nearness.rank(
            vectors(question, views),
            asked(sources, Moment.now(wall.millis()), question.filter()),
            question.threshold(),
            // The memory that is asked about is nearest to itself.
            question.limit() + (question.id() == null ? 0 : 1));
    var loaded =
        reading.rows(
            near.stream().map(each -> Chosen.of(sources.get(each.source()), each.row())).toList());
    var hits = new ArrayList<Hit>();
    for (int i = 0; i < near.size() && hits.size() < question.limit(); i++) {
      var memory = loaded.get(i);
      if (memory != null && !memory.id().equals(question.id())) {
        hits.add(new Hit(memory, near.get(i).cosine(), null));
      }
    }
    return hits;
  }

  /// What stands for the question in each model.
  Map<String, List<float[]>> vectors(Similar question, List<View> views) {
    if (question.vector() != null) {
      return Map.of(View.GIVEN, List.of(Meaning.unit(question.vector())));
    }
    if (question.text() != null) {
      return meaning.of(question.text(), views);
    }
    var id = Objects.requireNonNull(question.id());
    return journal.readConsistently(reader -> {
      var state = reader.state(id);
      var head = state == null || !state.live() ? null : state.head(Header.MAIN);
      if (head == null) {
        throw Reading.notFound(id);
      }
      return Meaning.stored(reader, reader.entry(head.base()));
    });
  }

  /// Refuses a vector that no memory here could be near to.
  private static void requireDimension(float @Nullable [] vector, List<View> views) {
    if (vector == null) {
      return;
    }
    var dimensions = new TreeSet<Integer>();
    for (var view : views) {
      for (var known : view.vectors()) {
        if (known.model().equals(View.GIVEN)) {
          dimensions.add(known.codes().dimension());
        }
      }
    }
    requireDimension(vector, dimensions);
  }

  /// @param dimensions of the vectors that it is compared with
  static void requireDimension(float @Nullable [] vector, SequencedSet<Integer> dimensions) {
    if (vector != null && !dimensions.isEmpty() && !dimensions.contains(vector.length)) {
      throw new InvalidInput(
          "the vectors given here have "
              + dimensions.stream().map(String::valueOf).collect(Collectors.joining(" or "))
              + " numbers; found "
              + vector.length,
          "field",
          "vector",
          "found",
          vector.length);
    }
  }
}
