package dev.remanence.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.junit.jupiter.api.Test;

/// Random collections, questions and endings against a plain BM25 that looks at every document:
/// - scores, their order and their parts are equal, bit for bit;
/// - statistics of some documents are those of a collection that holds only these, over one scope
///   or several;
/// - a reader's moment shows the same whatever is added and ended meanwhile;
/// - Lucene's BM25, which rounds lengths, finds nearly the same.
///
/// A failed property prints its seed: `-Dremanence.seed=...` replays it.
final class WordsTest {
  private static final int LIMIT = 10;

  /// A document of the reference: its terms, and whether it may be found.
  private record Reference(int document, Analyzed text, boolean eligible) {}

  @Test
  void best_currentDocuments_areThoseOfThePlainReference() {
    forSeeds(
        150,
        random -> {
          var texts = texts(random, random.nextInt(1, 400));
          var words = new Words();
          var ended = new HashSet<Integer>();
          for (int i = 0; i < texts.size(); i++) {
            words.add(i, texts.get(i));
            if (random.nextInt(5) == 0) {
              int document = random.nextInt(i + 1);
              words.end(document);
              ended.add(document);
            }
            if (random.nextInt(40) == 0) {
              words.part();
            }
          }
          var view = words.pin();
          for (int i = 0; i < 5; i++) {
            var question = text(random, 1 + random.nextInt(5));
            var statistics = new WordStatistics(question);
            statistics.add(view);
            var scores = new WordScores();
            scores.score(view, statistics);
            var reference = references(texts, document -> !ended.contains(document));
            assertThat(scores.best(LIMIT, view)).isEqualTo(best(reference, question));
            assertParts(view, statistics, scores);
          }
        });
  }

  @Test
  void best_eligibleDocuments_areThoseOfACollectionThatHoldsOnlyThem() {
    forSeeds(
        150,
        random -> {
          var texts = texts(random, random.nextInt(1, 300));
          var whole = new Words();
          var part = new Words();
          var eligible = new Documents(texts.size());
          int density = random.nextInt(1, 6);
          for (int i = 0; i < texts.size(); i++) {
            whole.add(i, texts.get(i));
            if (random.nextInt(density) == 0) {
              eligible.add(i);
              part.add(i, texts.get(i));
            } else if (random.nextInt(3) == 0) {
              whole.end(i);
            }
          }
          var question = text(random, 1 + random.nextInt(5));
          var filtered = new WordStatistics(question);
          filtered.add(whole.pin(), eligible);
          var replayed = new WordStatistics(question);
          replayed.add(part.pin());
          var scores = new WordScores();
          scores.score(whole.pin(), filtered);
          var alone = new WordScores();
          alone.score(part.pin(), replayed);
          assertThat(scores.best(LIMIT, eligible)).isEqualTo(alone.best(LIMIT, part.pin()));
          assertThat(scores.best(LIMIT, eligible))
              .isEqualTo(best(references(texts, eligible::contains), question));
          assertThat(filtered.documents()).isEqualTo(replayed.documents());
        });
  }

  @Test
  void best_overSeveralScopes_scoresAsInOneCollection() {
    forSeeds(
        50,
        random -> {
          var texts = texts(random, random.nextInt(2, 200));
          var one = new Words();
          var parts = List.of(new Words(), new Words(), new Words());
          for (int i = 0; i < texts.size(); i++) {
            one.add(i, texts.get(i));
            parts.get(random.nextInt(3)).add(i, texts.get(i));
          }
          var question = text(random, 3);
          var statistics = new WordStatistics(question);
          statistics.add(one.pin());
          var summed = new WordStatistics(question);
          parts.forEach(part -> summed.add(part.pin()));
          var scores = new WordScores();
          scores.score(one.pin(), statistics);
          var merged = new ArrayList<WordScores.Scored>();
          for (var part : parts) {
            var partScores = new WordScores();
            partScores.score(part.pin(), summed);
            merged.addAll(partScores.best(LIMIT, part.pin()));
          }
          merged.sort(ORDER);
          assertThat(merged.stream().limit(LIMIT).toList())
              .isEqualTo(scores.best(LIMIT, one.pin()));
        });
  }

  @Test
  void groups_ofEligibleDocuments_scoreAsOneTextEach() {
    forSeeds(
        60,
        random -> {
          int groups = random.nextInt(1, 12);
          var merged = new Words();
          var counted = new ArrayList<GroupScores>();
          var question = text(random, 4);
          int base = 0;
          for (int scope = 0; scope < 2; scope++) {
            var words = new Words();
            var texts = texts(random, random.nextInt(1, 100));
            var eligible = new Documents(texts.size());
            var groupOf = new int[texts.size()];
            var joined = new ArrayList<List<Analyzed>>();
            IntStream.range(0, groups).forEach(_ -> joined.add(new ArrayList<>()));
            for (int i = 0; i < texts.size(); i++) {
              words.add(i, texts.get(i));
              groupOf[i] = random.nextInt(-1, groups);
              if (random.nextInt(3) > 0) {
                eligible.add(i);
                if (groupOf[i] >= 0) {
                  joined.get(groupOf[i]).add(texts.get(i));
                }
              }
            }
            var view = words.pin();
            counted.add(
                GroupScores.count(view, question, Groups.of(view, groupOf, groups, eligible)));
            for (int group = 0; group < groups; group++) {
              if (!joined.get(group).isEmpty()) {
                merged.add(base + group, joined(joined.get(group)));
              }
            }
            base += groups;
          }
          GroupScores.score(counted);
          var statistics = new WordStatistics(question);
          statistics.add(merged.pin());
          var scores = new WordScores();
          scores.score(merged.pin(), statistics);
          for (int i = 0; i < 2 * groups; i++) {
            float expected = i < merged.pin().count() ? scores.of(i) : 0;
            assertThat(counted.get(i / groups).of(i % groups)).isEqualTo(expected);
          }
        });
  }

  private static Analyzed joined(List<Analyzed> texts) {
    var words = new Terms.Counter();
    var stems = new Terms.Counter();
    for (var text : texts) {
      repeat(text.words(), words);
      repeat(text.stems(), stems);
    }
    return new Analyzed(words.terms(), stems.terms());
  }

  private static void repeat(Terms terms, Terms.Counter counter) {
    for (int i = 0; i < terms.counts().length; i++) {
      for (int n = 0; n < terms.counts()[i]; n++) {
        counter.add(terms.terms().get(i), true);
      }
    }
  }

  @Test
  void view_whileOthersAreAddedAndEnded_showsItsMoment() {
    forSeeds(
        40,
        random -> {
          var texts = texts(random, 300);
          var words = new Words();
          var views = new ArrayList<WordView>();
          var ended = new ArrayList<HashSet<Integer>>();
          var endedNow = new HashSet<Integer>();
          for (int i = 0; i < texts.size(); i++) {
            if (random.nextInt(20) == 0) {
              views.add(words.pin());
              ended.add(new HashSet<>(endedNow));
            }
            words.add(i, texts.get(i));
            if (random.nextInt(4) == 0) {
              int document = random.nextInt(i + 1);
              words.end(document);
              endedNow.add(document);
            }
            if (random.nextInt(30) == 0) {
              words.part();
            }
          }
          var question = text(random, 3);
          var scores = new WordScores();
          for (int i = views.size() - 1; i >= 0; i--) {
            var view = views.get(i);
            var gone = ended.get(i);
            var known = texts.subList(0, view.count());
            var statistics = new WordStatistics(question);
            statistics.add(view);
            scores.score(view, statistics);
            assertThat(scores.best(LIMIT, view))
                .isEqualTo(best(references(known, document -> !gone.contains(document)), question));
            // What the words say of that moment later.
            var past = words.pin().withPast();
            var eligible = new Documents(view.count());
            IntStream.range(0, view.count())
                .filter(document -> !gone.contains(document))
                .forEach(eligible::add);
            var then = new WordStatistics(question);
            then.add(past, eligible);
            scores.score(past, then);
            assertThat(scores.best(LIMIT, eligible))
                .isEqualTo(best(references(known, document -> !gone.contains(document)), question));
            assertParts(past, then, scores);
          }
        });
  }

  @Test
  void part_histories_leaveTheHotListsAsIfThereWereOnlyWhatIsCurrent() {
    forSeeds(
        20,
        random -> {
          var words = new Words();
          var alone = new Words();
          int parts = 0;
          for (int round = 0; round < 20; round++) {
            for (int i = 0; i < 50; i++) {
              int document = 50 * round + i;
              var text = text(random, 1 + random.nextInt(12));
              words.add(document, text);
              if (round > 0) {
                words.end(document - 50);
              }
              if (round == 19) {
                alone.add(document, text);
              }
              if (words.isWorthParting()) {
                words.part();
                parts++;
              }
            }
          }
          words.part();
          var view = words.pin();
          var expected = alone.pin();
          var question = text(random, 6);
          for (var term : question.words().terms()) {
            assertThat(read(view.words, term)).isEqualTo(read(expected.words, term));
          }
          assertThat(parts).isBetween(60, 100);
          assertThat(view.cold().size()).isBetween(1, 10);
          assertThat(view.cold().stream().mapToInt(Words.Cold::documents).sum()).isEqualTo(950);
        });
  }

  private static List<Integer> read(List<Postings.Lists> field, String term) {
    var read = new ArrayList<Integer>();
    for (var lists : field) {
      var cursor = lists.cursor(term);
      for (int size = cursor.read(); size > 0; size = cursor.read()) {
        for (int i = 0; i < size; i++) {
          read.add(cursor.documents[i]);
        }
      }
    }
    return read;
  }

  @Test
  void view_besideAWriter_showsItsMoment() throws InterruptedException {
    long seed = Long.getLong("remanence.seed", 11);
    var texts = texts(new SplittableRandom(seed), 6000);
    var question = text(new SplittableRandom(seed), 4);
    var words = new Words();
    var published = new AtomicReference<>(words.pin());
    var writer =
        Thread.ofPlatform()
            .name("test-writer")
            .start(() -> {
              for (int i = 0; i < texts.size(); i++) {
                words.add(i, texts.get(i));
                if (i % 3 == 0) {
                  words.end(i / 2);
                }
                if (words.isWorthParting()) {
                  words.part();
                }
                published.set(words.pin());
              }
            });
    var scores = new WordScores();
    int looked = 0;
    while (writer.isAlive() || looked == 0) {
      var view = published.get();
      var statistics = new WordStatistics(question);
      statistics.add(view);
      scores.score(view, statistics);
      var seen = scores.best(LIMIT, view);
      int endings = (view.count() + 2) / 3;
      var gone = new HashSet<Integer>();
      for (int i = 0; i < endings; i++) {
        gone.add(i * 3 / 2);
      }
      assertThat(seen)
          .as("seed " + seed)
          .isEqualTo(
              best(
                  references(texts.subList(0, view.count()), document -> !gone.contains(document)),
                  question));
      looked++;
    }
    writer.join();
  }

  @Test
  void add_numbersLeftOut_areNoDocuments() {
    var words = new Words();
    var analysis = Analysis.of(Language.ENGLISH);
    words.add(3, analysis.analyze("the red apple"));
    words.add(70, analysis.analyze("a green apple pie"));
    var view = words.pin();
    var statistics = new WordStatistics(analysis.analyze("apple"));
    statistics.add(view);
    assertThat(statistics.documents()).isEqualTo(2);
    assertThat(view.count()).isEqualTo(71);
    assertThat(IntStream.range(0, 71).filter(view::isCurrent)).containsExactly(3, 70);
    var scores = new WordScores();
    scores.score(view, statistics);
    assertThat(scores.best(5, view)).extracting(WordScores.Scored::document).containsExactly(3, 70);
  }

  @Test
  void bytes_texts200CharactersLong_stayBelow390EachInBothFields() {
    var random = new SplittableRandom(5);
    var words = new Words();
    var analysis = Analysis.of(Language.ENGLISH);
    int documents = 10_000;
    for (int i = 0; i < documents; i++) {
      var text = new StringBuilder();
      while (text.length() < 200) {
        // Zipf's law over 20,000 words.
        long rank = (long) Math.exp(random.nextDouble() * Math.log(20_000));
        text.append(Long.toString(rank * 7919 % 1_000_003, 36)).append(' ');
      }
      words.add(i, analysis.analyze(text.toString()));
    }
    assertThat(words.bytes() / documents).isBetween(50L, 390L);
    assertThat(new Words().bytes()).isLessThan(2000);
  }

  @Test
  void best_besideLucene_findsNearlyTheSame() throws IOException {
    long seed = Long.getLong("remanence.seed", 7);
    var random = new SplittableRandom(seed);
    var texts =
        IntStream.range(0, 2000).mapToObj(_ -> text(random, random.nextInt(5, 120))).toList();
    var words = new Words();
    int same = 0;
    int questions = 100;
    try (var directory = new ByteBuffersDirectory()) {
      try (var writer = new IndexWriter(directory, new IndexWriterConfig(new StandardAnalyzer()))) {
        for (int i = 0; i < texts.size(); i++) {
          words.add(i, texts.get(i));
          var document = new Document();
          document.add(new TextField("words", spelled(texts.get(i).words()), Field.Store.NO));
          document.add(new TextField("stems", spelled(texts.get(i).stems()), Field.Store.NO));
          writer.addDocument(document);
        }
        writer.forceMerge(1);
      }
      try (var reader = DirectoryReader.open(directory)) {
        var searcher = new IndexSearcher(reader);
        searcher.setSimilarity(new BM25Similarity(WordScores.K1, WordScores.B));
        var scores = new WordScores();
        for (int i = 0; i < questions; i++) {
          var question = text(random, 4);
          var query = new BooleanQuery.Builder();
          for (var term : question.words().terms()) {
            query.add(
                new BoostQuery(new TermQuery(new Term("words", term)), WordStatistics.WORDS_WEIGHT),
                BooleanClause.Occur.SHOULD);
          }
          for (var term : question.stems().terms()) {
            query.add(new TermQuery(new Term("stems", term)), BooleanClause.Occur.SHOULD);
          }
          var statistics = new WordStatistics(question);
          statistics.add(words.pin());
          scores.score(words.pin(), statistics);
          var hits = searcher.search(query.build(), LIMIT);
          var ours = scores.best(LIMIT, words.pin());
          assertThat(scores.matches()).isEqualTo(searcher.count(query.build()));
          for (var hit : hits.scoreDocs) {
            assertThat(scores.of(hit.doc)).isBetween(hit.score * 0.95f, hit.score * 1.05f);
            same += ours.stream().anyMatch(our -> our.document() == hit.doc) ? 1 : 0;
          }
        }
      }
    }
    assertThat(same).as("seed " + seed).isGreaterThan(questions * LIMIT * 85 / 100);
  }

  // The plain reference.

  private static final Comparator<WordScores.Scored> ORDER =
      Comparator.comparingDouble(WordScores.Scored::score)
          .thenComparingInt(WordScores.Scored::document)
          .reversed();

  private static List<Reference> references(List<Analyzed> texts, IntPredicate eligible) {
    return IntStream.range(0, texts.size())
        .mapToObj(i -> new Reference(i, texts.get(i), eligible.test(i)))
        .toList();
  }

  private static List<WordScores.Scored> best(List<Reference> all, Analyzed question) {
    var eligible = all.stream().filter(Reference::eligible).toList();
    var sums = new float[all.size()];
    add(sums, eligible, question.words(), true);
    add(sums, eligible, question.stems(), false);
    return eligible.stream()
        .filter(reference -> sums[reference.document] > 0)
        .map(reference -> new WordScores.Scored(reference.document, sums[reference.document]))
        .sorted(ORDER)
        .limit(LIMIT)
        .toList();
  }

  private static void add(float[] sums, List<Reference> eligible, Terms question, boolean words) {
    double length = 0;
    for (var reference : eligible) {
      length += field(reference, words).length();
    }
    double average = length == 0 ? 1 : length / eligible.size();
    for (var term : question.terms()) {
      long with =
          eligible.stream().filter(each -> field(each, words).terms().contains(term)).count();
      float rarity =
          (words ? 0.25f : 1) * (float) Math.log(1 + (eligible.size() - with + 0.5) / (with + 0.5));
      for (var reference : eligible) {
        var field = field(reference, words);
        int at = field.terms().indexOf(term);
        if (at >= 0) {
          float n = field.counts()[at];
          float fixed = 0.9f * (1 - 0.4f);
          float byLength = (float) (0.9f * 0.4f / average);
          sums[reference.document] += rarity * n / (n + (fixed + byLength * field.length()));
        }
      }
    }
  }

  private static Terms field(Reference reference, boolean words) {
    return words ? reference.text.words() : reference.text.stems();
  }

  private static void assertParts(WordView view, WordStatistics statistics, WordScores scores) {
    for (var scored : scores.best(3, view)) {
      float sum = 0;
      for (var part : WordScores.parts(view, statistics, scored.document())) {
        sum += part.score();
      }
      assertThat(sum).isEqualTo(scored.score()).isEqualTo(scores.of(scored.document()));
    }
  }

  private static String spelled(Terms terms) {
    var text = new StringBuilder();
    for (int i = 0; i < terms.counts().length; i++) {
      text.repeat(terms.terms().get(i) + " ", terms.counts()[i]);
    }
    return text.toString();
  }

  // Random texts: a few words are in nearly every text, most in few.

  private static List<Analyzed> texts(SplittableRandom random, int count) {
    return IntStream.range(0, count).mapToObj(_ -> text(random, random.nextInt(40))).toList();
  }

  private static Analyzed text(SplittableRandom random, int length) {
    var words = new Terms.Counter();
    var stems = new Terms.Counter();
    for (int i = 0; i < length; i++) {
      int rank = (int) Math.exp(random.nextDouble() * Math.log(3000));
      words.add("w" + rank, true);
      if (rank > 2) {
        stems.add("s" + rank / 3, true);
      }
    }
    return new Analyzed(words.terms(), stems.terms());
  }

  /// Runs a property many times, each with a seed of its own; a given seed runs once.
  private static void forSeeds(int runs, Consumer<SplittableRandom> property) {
    Long given = Long.getLong("remanence.seed");
    var seeds = new SplittableRandom();
    for (int run = 0; run < (given == null ? runs : 1); run++) {
      long seed = given == null ? seeds.nextLong() : given;
      try {
        property.accept(new SplittableRandom(seed));
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("replay with -Dremanence.seed=" + seed, e);
      }
    }
  }
}
