package dev.remanence.recall;

import dev.remanence.Json;
import dev.remanence.image.Documents;
import dev.remanence.image.GroupScores;
import dev.remanence.image.VectorCodes;
import dev.remanence.image.VectorQuery;
import dev.remanence.image.View;
import dev.remanence.image.WordScores;
import dev.remanence.image.WordStatistics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// Ranks what a question may find in the images of its scopes.
///
/// 1. Two legs find candidates, filters applied inside: words (BM25 over words and stems, the
///    statistics of all that is eligible) and meaning (cosine of vectors, by each model that the
///    question was embedded with).
/// 2. Every candidate has both scores, whichever leg found it. Each is brought to 0..1 over the
///    candidates, and [Blend] sums them.
/// 3. Small priors are added where they apply: the period and the speaker that the question names,
///    the user's own words, the answer that comes next, the session, the kind of answer, the
///    importance. [Ranked#why] names each.
///
/// A content speaks through its best piece. Thread-safe; holds buffers between questions.
public final class Ranking {
  /// Candidates of each leg.
  private static final int LEG_MIN = 200;

  private static final float[] NO_SCORES = {};

  private final ConcurrentLinkedQueue<WordScores> idle = new ConcurrentLinkedQueue<>();

  /// A scope that is asked: its view and the question's scan of it.
  public record Asked(View view, View.Scan scan) {}

  /// A row that was found.
  ///
  /// @param source the number of the scope among those asked
  /// @param why the parts of the score by name; they add up to it in this order
  public record Ranked(int source, int row, int content, double score, Map<String, Double> why) {
    public Json.Obj explained() {
      var parts = Json.object();
      why.forEach(parts::put);
      return parts.build();
    }
  }

  /// The answer: the best, how many there are to be ranked, and how many each leg found.
  public record Answer(List<Ranked> best, int ranked, int words, int meaning, int candidates) {}

  /// How many candidates each leg is to name for so many hits.
  public static int depth(int limit) {
    return Math.max(LEG_MIN, 2 * limit);
  }

  /// The best rows, best first; of equals, the one that was recorded last.
  ///
  /// @param depth how many candidates each leg names: scores are shares among them
  public Answer rank(Inquiry inquiry, List<Asked> scopes, Blend blend, int depth, int limit) {
    var search = new Search(inquiry, scopes, blend, depth);
    return search.run(limit);
  }

  private static final class Candidate {
    final int content;
    double lexical;

    /// By model, NaN where it has no vector of that.
    final double[] cosines;

    double words;
    double meaning;
    double base;

    Candidate(int content, int models) {
      this.content = content;
      cosines = new double[models];
      Arrays.fill(cosines, Double.NaN);
    }
  }

  /// What priors go by in a scope: the number of the one speaker that is named or -1, and the
  /// scores of the best candidates of each session.
  private record Hints(int source, Asked asked, int speaker, Map<Integer, float[]> sessions) {}

  /// A candidate with its place among the others.
  private record Scored(Hints hints, Candidate found, int row, long recorded, double score) {}

  /// Vectors that the question can be compared with.
  private record Compared(View.Vectors vectors, int model, VectorCodes.Cosines cosines) {}

  private final class Search {
    private final Inquiry inquiry;
    private final List<Asked> scopes;
    private final Blend blend;
    private final int depth;
    private final WordStatistics statistics;
    private final @Nullable Documents[] eligible;
    private final WordScores[] scores;
    private final @Nullable GroupScores[] sessionScores;
    private final List<List<Compared>> compared = new ArrayList<>();
    private float sessionMost;
    private final List<Map<Integer, Candidate>> candidates = new ArrayList<>();
    private int wordHits;
    private int meaningHits;
    private double lexicalMost;

    /// The models that the question was embedded with, and the least and the greatest cosine that a
    /// candidate has by each.
    private final List<String> models;

    private final double[] spreads;
    private final double[] cosineLeast;
    private final double[] cosineMost;

    Search(Inquiry inquiry, List<Asked> scopes, Blend blend, int depth) {
      this.inquiry = inquiry;
      this.scopes = scopes;
      this.blend = blend;
      this.depth = depth;
      models = List.copyOf(inquiry.senses().keySet());
      spreads = inquiry.senses().values().stream().mapToDouble(Inquiry.Sense::spread).toArray();
      cosineLeast = new double[models.size()];
      cosineMost = new double[models.size()];
      Arrays.fill(cosineLeast, Double.POSITIVE_INFINITY);
      Arrays.fill(cosineMost, Double.NEGATIVE_INFINITY);
      statistics = new WordStatistics(inquiry.words());
      eligible = new Documents[scopes.size()];
      scores = new WordScores[scopes.size()];
      sessionScores = new GroupScores[scopes.size()];
    }

    Answer run(int limit) {
      for (int i = 0; i < scopes.size(); i++) {
        var scope = scopes.get(i);
        candidates.add(new HashMap<>());
        compared.add(compared(scope.scan()));
        eligible[i] = scope.scan().eligible();
        if (eligible[i] == null) {
          statistics.add(scope.scan().words());
        } else {
          statistics.add(scope.scan().words(), eligible[i]);
        }
      }
      try {
        for (int i = 0; i < scopes.size(); i++) {
          byWords(i);
          byMeaning(i);
        }
        if (blend.has(Prior.SESSION_WORDS)) {
          scoreSessions();
        }
        return fuse(limit);
      } finally {
        for (var used : scores) {
          if (used != null) {
            idle.offer(used);
          }
        }
      }
    }

    private boolean mayFind(int source, int piece) {
      var documents = eligible[source];
      return documents == null
          ? scopes.get(source).scan().words().isCurrent(piece)
          : documents.contains(piece);
    }

    private Candidate candidate(int source, int piece) {
      int content = scopes.get(source).view().contentOfPiece(piece);
      return candidates
          .get(source)
          .computeIfAbsent(content, number -> new Candidate(number, models.size()));
    }

    private void byWords(int source) {
      var words = scopes.get(source).scan().words();
      var pooled = idle.poll();
      var score = pooled == null ? new WordScores() : pooled;
      scores[source] = score;
      score.score(words, statistics);
      var documents = eligible[source];
      var best = documents == null ? score.best(depth, words) : score.best(depth, documents);
      wordHits += score.matches();
      for (var each : best) {
        candidate(source, each.document());
      }
    }

    private void byMeaning(int source) {
      for (var vectors : scopes.get(source).scan().vectors()) {
        var asked = asked(vectors);
        if (asked == null || vectors.count() == 0) {
          continue;
        }
        var found =
            vectors
                .codes()
                .search(
                    VectorQuery.nearest(asked, depth)
                        .depth(new VectorQuery.Depth(2 * depth, depth))
                        .filter(piece -> mayFind(source, piece)),
                    vectors.count());
        meaningHits += found.rows().length;
        for (int piece : found.rows()) {
          candidate(source, piece);
        }
      }
    }

    /// Scores the sessions of the scopes that have several.
    private void scoreSessions() {
      var counted = new ArrayList<GroupScores>();
      for (int i = 0; i < scopes.size(); i++) {
        var view = scopes.get(i).view();
        var sessions = view.hasSessions() ? view.sessions(eligible[i]) : null;
        if (sessions != null && sessions.present() > 1) {
          sessionScores[i] =
              GroupScores.count(scopes.get(i).scan().words(), inquiry.words(), sessions);
          counted.add(sessionScores[i]);
        }
      }
      GroupScores.score(counted);
      for (var each : counted) {
        sessionMost = Math.max(sessionMost, each.greatest());
      }
    }

    private Answer fuse(int limit) {
      int count = 0;
      for (int i = 0; i < scopes.size(); i++) {
        measure(i);
        count += candidates.get(i).size();
      }
      for (var found : candidates) {
        for (var each : found.values()) {
          base(each);
        }
      }
      var ranked = new ArrayList<Scored>(count);
      for (int i = 0; i < scopes.size(); i++) {
        rank(i, ranked);
      }
      ranked.sort(
          Comparator.comparingDouble(Scored::score)
              .reversed()
              .thenComparing(Comparator.comparingLong(Scored::recorded).reversed())
              .thenComparing(Comparator.comparingInt(Scored::row).reversed()));
      return new Answer(
          ranked.stream().limit(limit).map(this::explained).toList(),
          ranked.size(),
          wordHits,
          meaningHits,
          count);
    }

    /// Gives every candidate of a scope both scores: those of its best piece.
    private void measure(int source) {
      for (var each : candidates.get(source).values()) {
        measure(source, each);
        lexicalMost = Math.max(lexicalMost, each.lexical);
        for (int model = 0; model < models.size(); model++) {
          if (!Double.isNaN(each.cosines[model])) {
            cosineLeast[model] = Math.min(cosineLeast[model], each.cosines[model]);
            cosineMost[model] = Math.max(cosineMost[model], each.cosines[model]);
          }
        }
      }
    }

    private void measure(int source, Candidate each) {
      var view = scopes.get(source).view();
      for (int piece = view.firstPiece(each.content);
          piece < view.firstPiece(each.content + 1);
          piece++) {
        each.lexical = Math.max(each.lexical, scores[source].of(piece));
        for (var known : compared.get(source)) {
          int ordinal = known.vectors.ordinal(piece);
          if (ordinal >= 0) {
            int model = known.model;
            double cosine = known.cosines.of(ordinal);
            // False where there is none yet.
            if (!(each.cosines[model] >= cosine)) {
              each.cosines[model] = cosine;
            }
          }
        }
      }
    }

    private float @Nullable [] asked(View.Vectors vectors) {
      var sense = inquiry.senses().get(vectors.model());
      return sense == null || sense.vector().length != vectors.codes().dimension()
          ? null
          : sense.vector();
    }

    private List<Compared> compared(View.Scan scan) {
      var compared = new ArrayList<Compared>();
      for (var vectors : scan.vectors()) {
        var asked = asked(vectors);
        if (asked != null) {
          compared.add(
              new Compared(
                  vectors, models.indexOf(vectors.model()), vectors.codes().cosines(asked)));
        }
      }
      return compared;
    }

    private void base(Candidate each) {
      double lexical = lexicalMost == 0 ? 0 : each.lexical / lexicalMost;
      double cosine = Double.NaN;
      for (int model = 0; model < models.size(); model++) {
        if (!Double.isNaN(each.cosines[model])) {
          double range = Math.max(spreads[model], cosineMost[model] - cosineLeast[model]);
          double unit = Math.clamp(1 - (cosineMost[model] - each.cosines[model]) / range, 0, 1);
          cosine = Double.isNaN(cosine) ? unit : Math.max(cosine, unit);
        }
      }
      // What has no vector yet must not lose to what has one: its words have the whole share.
      boolean meaning = !Double.isNaN(cosine);
      each.words = (meaning ? blend.words() : 1) * lexical;
      each.meaning = meaning ? blend.meaning() * cosine : 0;
      each.base = each.words + each.meaning;
    }

    private void rank(int source, List<Scored> ranked) {
      var asked = scopes.get(source);
      var found = candidates.get(source);
      var hints =
          new Hints(
              source,
              asked,
              namedSpeaker(asked.scan()),
              blend.has(Prior.SESSION) ? sessions(asked.view(), found) : Map.of());
      for (var each : found.values()) {
        int row = row(asked, each.content);
        if (row < 0) {
          continue;
        }
        double score = each.words + each.meaning;
        for (var prior : blend.priors()) {
          score += prior(prior, hints, each, row);
        }
        ranked.add(new Scored(hints, each, row, asked.view().recordedFrom(row), score));
      }
    }

    /// The row that a content is shown by: of several the one that a period of the question touches
    /// most, else the one that is valid last.
    private int row(Asked asked, int content) {
      var last = asked.scan().rowOf(content);
      if (inquiry.periods().isEmpty() || !blend.has(Prior.DATE) || last < 0) {
        return last;
      }
      byte traits = asked.view().traits(content);
      int[] best = {last};
      double[] most = {date(asked, last, traits)};
      asked
          .scan()
          .visitRows(
              content,
              row -> {
                double share = date(asked, row, traits);
                if (share > most[0]) {
                  most[0] = share;
                  best[0] = row;
                }
              });
      return best[0];
    }

    private Ranked explained(Scored scored) {
      var why = new LinkedHashMap<String, Double>();
      add(why, "words", scored.found.words);
      add(why, "meaning", scored.found.meaning);
      for (var prior : blend.priors()) {
        add(why, prior.word(), prior(prior, scored.hints, scored.found, scored.row));
      }
      return new Ranked(scored.hints.source, scored.row, scored.found.content, scored.score, why);
    }

    private double prior(Prior prior, Hints hints, Candidate each, int row) {
      var view = hints.asked.view();
      byte traits = view.traits(each.content);
      int session = view.session(each.content);
      return switch (prior) {
        case DATE -> inquiry.periods().isEmpty() ? 0 : date(hints.asked, row, traits);
        case SPEAKER ->
            hints.speaker >= 0 && view.speaker(each.content) == hints.speaker ? prior.weight() : 0;
        case USER -> Trait.BY_USER.isIn(traits) ? prior.weight() : 0;
        case REPLY -> prior.weight() * reply(hints.source, each);
        case SESSION -> Prior.session(hints.sessions.getOrDefault(session, NO_SCORES));
        case SESSION_WORDS -> prior.weight() * sessionWords(hints.source, each.content);
        case ONLY_ASKS -> Prior.onlyAsks(traits);
        case ANSWER -> Prior.answer(inquiry.question().asked(), traits);
        case IMPORTANCE -> prior.weight() * (view.importance(row) - 0.5);
      };
    }

    private double date(Asked asked, int row, byte traits) {
      var view = asked.view();
      var from = Instant.ofEpochMilli(view.validFrom(row));
      if (!Trait.KEYED.isIn(traits) && !view.hasEnd(row)) {
        return Prior.said(inquiry.periods(), from);
      }
      // All that is eligible held at the moment that was asked for: which part of a month or a year
      // around it makes no difference.
      return asked.scan().asksWhatHeld()
          ? Prior.DATE.weight()
          : Prior.held(
              inquiry.periods(),
              from,
              view.hasEnd(row) ? Instant.ofEpochMilli(view.validUntil(row)) : Instant.MAX);
    }

    /// The number of the one speaker that the question names, or -1.
    private int namedSpeaker(View.Scan scan) {
      var named = inquiry.question().speakers();
      return named.size() == 1 ? scan.speakers().indexOf(named.iterator().next()) : -1;
    }

    private double sessionWords(int source, int content) {
      var scored = sessionScores[source];
      int session = scopes.get(source).view().session(content);
      return scored == null || session < 0 || sessionMost == 0 || !isTurn(source, content)
          ? 0
          : scored.of(session) / sessionMost;
    }

    private boolean isTurn(int source, int content) {
      return scopes.get(source).view().isTurn(content);
    }

    private static void add(Map<String, Double> why, String name, double part) {
      if (part != 0) {
        why.put(name, part);
      }
    }

    /// The score of the turn that comes next in the session: it may be the answer to this one.
    private double reply(int source, Candidate each) {
      int next = scopes.get(source).scan().after(each.content);
      if (next < 0) {
        return 0;
      }
      var known = candidates.get(source).get(next);
      if (known == null) {
        known = new Candidate(next, models.size());
        measure(source, known);
        base(known);
      }
      return known.base;
    }

    /// The scores of the best candidates of each session.
    private Map<Integer, float[]> sessions(View view, Map<Integer, Candidate> found) {
      var best = new HashMap<Integer, float[]>();
      for (var each : found.values()) {
        if (view.isTurn(each.content)) {
          var top =
              best.computeIfAbsent(view.session(each.content), _ -> new float[Prior.SESSION_TURNS]);
          if (each.base > top[0]) {
            top[0] = (float) each.base;
            Arrays.sort(top);
          }
        }
      }
      return best;
    }
  }
}
