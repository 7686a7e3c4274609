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
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Finds memories for a question, and what is near to a text, a vector or a memory. Thread-safe.
final class Recalling {
  private final SqliteJournal journal;
  private final Scopes scopes;
  private final Reading reading;
  private final Meaning meaning;
  private final Uses uses;
  private final InstantSource wall;
  private final Ranking ranking = new Ranking();

  Recalling(
      SqliteJournal journal,
      Scopes scopes,
      Reading reading,
      Meaning meaning,
      Uses uses,
      InstantSource wall) {
    this.journal = journal;
    this.scopes = scopes;
    this.reading = reading;
    this.meaning = meaning;
    this.uses = uses;
    this.wall = wall;
  }

  /// What a page of an answer is ranked in: the images, and what of them was known.
  ///
  /// @param known a recorded time, or null for all that the images hold
  /// @param now milliseconds from which times are told
  private record State(List<Source> sources, @Nullable Long known, long now) {
    Moment moment(AsOf asOf) {
      return new Moment(known, asOf.validAt() == null ? null : asOf.validAt().toEpochMilli(), now);
    }

    /// The recorded time that shows the same again.
    long recorded() {
      return known == null ? lastRecorded(sources) : known;
    }

    private static long lastRecorded(List<Source> sources) {
      return sources.stream()
          .mapToLong(source -> source.view().recorded())
          .max()
          .orElse(Long.MIN_VALUE);
    }
  }

  /// @param scope what was asked for, which a cursor belongs to
  Recall recall(String scope, List<Source> sources, Query query, Blend blend) {
    var asOf = query.asOf();
    var cursor = RecallCursor.of(scope, query);
    var state = state(sources, query, cursor);
    var views = state.sources.stream().map(Source::view).toList();
    requireDimension(query.vector(), views);
    var asked = asked(state.sources, state.moment(asOf), query.filter());
    var speakers = new HashSet<String>();
    asked.forEach(each -> speakers.addAll(each.scan().speakers()));
    var inquiry =
        Inquiry.of(
            query.text(),
            speakers,
            meaning.ask(query.text(), query.vector(), views),
            Instant.ofEpochMilli(state.now));
    int depth = cursor == null ? Ranking.depth(query.limit() + 1) : cursor.depth();
    int given = cursor == null ? 0 : cursor.given();
    var answer = ranking.rank(inquiry, asked, blend, depth, given + query.limit() + 1);
    int begin = cursor == null ? 0 : begin(cursor, state, answer.best());
    return page(scope, query, state, answer, begin, depth);
  }

  private State state(List<Source> sources, Query query, @Nullable RecallCursor cursor) {
    if (cursor != null) {
      return new State(sources, cursor.known(), cursor.now());
    }
    var knownAt = query.asOf().knownAt();
    if (knownAt != null) {
      long millis = knownAt.toEpochMilli();
      return new State(sources, HybridClock.endOf(millis), millis);
    }
    if (sources.size() > 1) {
      // Scopes that changed while their images were taken would show different moments. What was
      // recorded by the latest of them is in all images that are taken now.
      long recorded = State.lastRecorded(sources);
      var later = scopes.again(sources);
      if (!later.equals(sources)) {
        return new State(later, recorded, wall.millis());
      }
    }
    return new State(sources, null, wall.millis());
  }

  /// Where in the ranking the next page begins: after the row that was looked at last. If that was
  /// erased, so may others have been that came before it.
  private int begin(RecallCursor cursor, State state, List<Ranking.Ranked> ranked) {
    for (int i = Math.min(cursor.given(), ranked.size()) - 1; i >= 0; i--) {
      if (chosen(state, ranked.get(i)).pos() == cursor.pos()) {
        return i + 1;
      }
    }
    int erased =
        journal.readConsistently(reader -> {
          int sum = 0;
          for (var source : state.sources) {
            sum += reader.erasedSince(source.scope(), cursor.known());
          }
          return sum;
        });
    return Math.clamp((long) cursor.given() - erased, 0, ranked.size());
  }

  private static Chosen chosen(State state, Ranking.Ranked ranked) {
    return Chosen.of(state.sources.get(ranked.source()), ranked.row());
  }

  private static List<Ranking.Asked> asked(List<Source> sources, Moment moment, Filter filter) {
    return sources.stream()
        .map(source -> new Ranking.Asked(source.view(), source.view().scan(moment, filter)))
        .toList();
  }

  /// The best from a place in the ranking on, that there is room for: memories in full, as many as
  /// were asked for, within the tokens.
  private Recall page(
      String scope, Query query, State state, Ranking.Answer answer, int begin, int depth) {
    var best = answer.best().subList(begin, answer.best().size());
    var loaded = reading.rows(best.stream().map(each -> chosen(state, each)).toList());
    var hits = new ArrayList<Hit>();
    long tokens = 0;
    long chars = 0;
    int looked = 0;
    for (; looked < best.size(); looked++) {
      var memory = loaded.get(looked);
      if (memory == null || !isShown(memory, query)) {
        continue;
      }
      if (hits.size() == query.limit()) {
        break;
      }
      var hit = hit(query, state, best.get(looked), memory);
      tokens += tokens(hit);
      chars += chars(hit);
      if (chars > Limits.PAGE_CHARS_MAX && !hits.isEmpty()) {
        break;
      }
      if (query.maxTokens() != null && tokens > query.maxTokens()) {
        break;
      }
      if (query.asOf().knownAt() == null) {
        uses.count(memory.id());
      }
      hits.add(hit);
    }
    boolean truncated = looked < best.size() || answer.best().size() < answer.ranked();
    if (!truncated || looked == 0) {
      return new Recall(hits, truncated, null, legs(answer));
    }
    var next =
        new RecallCursor(
            state.recorded(),
            state.now,
            depth,
            chosen(state, best.get(looked - 1)).pos(),
            begin + looked,
            RecallCursor.question(scope, query));
    return new Recall(hits, true, next.encode(), legs(answer));
  }

  private Hit hit(Query query, State state, Ranking.Ranked ranked, Memory memory) {
    var source = state.sources.get(ranked.source());
    var why = query.explain() ? ranked.explained() : null;
    if (query.neighbours() == 0 || !source.view().isTurn(ranked.content())) {
      return new Hit(memory, ranked.score(), why, List.of(), List.of());
    }
    // What was said around it is given whether it passes the filter or not.
    var scan = source.view().scan(state.moment(query.asOf()), Filter.ALL);
    var before = turns(query, source, scan.before(ranked.content(), query.neighbours()));
    return new Hit(
        memory,
        ranked.score(),
        why,
        before.reversed(),
        turns(query, source, scan.after(ranked.content(), query.neighbours())));
  }

  private List<Memory> turns(Query query, Source source, int[] rows) {
    var chosen = Arrays.stream(rows).mapToObj(row -> Chosen.of(source, row)).toList();
    var turns = new ArrayList<Memory>();
    for (var turn : reading.rows(chosen)) {
      if (turn != null && isShown(turn, query)) {
        turns.add(turn);
      }
    }
    return turns;
  }

  private static Stream<Memory> memories(Hit hit) {
    return Stream.of(hit.before(), List.of(hit.memory()), hit.after()).flatMap(List::stream);
  }

  private static long tokens(Hit hit) {
    return memories(hit).mapToLong(memory -> Tokenizer.ESTIMATE.count(memory.body())).sum();
  }

  private static long chars(Hit hit) {
    return memories(hit).mapToLong(Browsing::chars).sum();
  }

  /// Whether a memory is still to be shown: on a later page, it may have been forgotten since.
  private boolean isShown(Memory memory, Query query) {
    return query.cursor() == null
        || query.asOf().knownAt() != null
        || journal.read(reader -> reader.live(memory.id())) != null;
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
        hits.add(new Hit(memory, near.get(i).cosine()));
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
