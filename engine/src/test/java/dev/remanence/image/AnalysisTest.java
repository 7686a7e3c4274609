package dev.remanence.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is found by what: a text is found by a question if they share a word or a stem.
///
/// A failed property prints its seed: `-Dremanence.seed=...` replays it.
final class AnalysisTest {
  private static final Analysis ENGLISH = Analysis.of(Language.ENGLISH);
  private static final Analysis NEUTRAL = Analysis.of(Language.NEUTRAL);

  @Test
  void analyze_englishProse_stemsAsLucenesEnglishAnalyzer() throws IOException {
    var prose =
        """
        Technology's assembly of possibilities was generously reconsidered by Caroline's committees;
        they are running, he ran and the runner runs. Organizations hopped hopefully, js es is it.
        It isn't the children's habit to be lying or dying while relational databases rationalize.
        """;
    var expected = new LinkedHashMap<String, Integer>();
    try (var analyzer = new EnglishAnalyzer()) {
      tokens(analyzer, prose).forEach(token -> expected.merge(token, 1, Integer::sum));
    }
    assertThat(counts(ENGLISH.analyze(prose).stems())).containsExactlyEntriesOf(expected);
    assertThat(ENGLISH.analyze(prose).stems().length())
        .isEqualTo(expected.values().stream().mapToInt(Integer::intValue).sum());
  }

  @Test
  void analyze_englishWords_stayBesideTheirStems() {
    var text = ENGLISH.analyze("Caroline's the Running");
    assertThat(text.words().terms()).containsExactly("caroline", "the", "running");
    assertThat(text.words().length()).isEqualTo(3);
    assertThat(text.stems().terms()).containsExactly("carolin", "run");
    assertThat(text.stems().length()).isEqualTo(2);
  }

  @Test
  void analyze_identifiers_areFoundWholeAndByTheirParts() {
    found("call parseHTTPResponse() twice", "parseHTTPResponse", "parsehttpresponse", "http");
    found("call parseHTTPResponse() twice", "response", "responses", "parse");
    found("the column user_id is a key", "user_id", "USER_ID", "user", "id");
    found("it failed with ERR-1042.", "ERR-1042", "err-1042", "1042", "err");
    found("since v1.2.3 or v2.0.0-rc.1", "v1.2.3", "v2.0.0-rc.1", "v1", "rc");
    found("see foo.bar.Baz, foo.bar", "foo.bar.Baz", "foo.bar.baz", "Baz", "bar", "foo.bar");
    found("mail ann.lee@mail.example.com now", "ann.lee@mail.example.com", "ann", "example");
    found("at https://example.com/a/b?c=d#e.", "https://example.com/a/b?c=d#e", "b", "example");
    found("open /usr/local/lib/foo.txt", "/usr/local/lib/foo.txt", "foo", "lib", "txt");
    found("open C:\\temp\\new.txt", "C:\\temp\\new.txt", "temp");
    found("I like C++ and C#, F#.", "c++", "C#", "f#");
    found("my iPhone's screen", "iphone", "iPhones", "phone");
    found("dev.remanence.MemoryScope", "MemoryScope", "memory", "remanence");
    found("sha256 of URLs on 2023-03-05 at 10:30", "sha256", "url", "2023-03-05", "10:30");
  }

  @Test
  void analyze_wholeOfACompound_isATermOfItsOwn() {
    assertThat(counts(ENGLISH.analyze("ERR-1042").words()))
        .containsOnlyKeys("err-1042", "err", "1042");
    assertThat(ENGLISH.analyze("ERR-1042").words().length()).isEqualTo(2);
    assertThat(counts(ENGLISH.analyze("parseHTTPResponse").words()))
        .containsOnlyKeys("parsehttpresponse", "parse", "http", "response");
    assertThat(counts(ENGLISH.analyze("sha256 URLs end. Next").words()))
        .containsOnlyKeys("sha256", "urls", "end", "next");
    assertThat(counts(ENGLISH.analyze("getURLsOf").words()))
        .containsOnlyKeys("geturlsof", "get", "urls", "of");
    assertThat(counts(ENGLISH.analyze("wait--what...so").words()))
        .containsOnlyKeys("wait", "what", "so");
  }

  @ParameterizedTest
  @EnumSource
  void analyze_otherScripts_areFoundInEachLanguage(Language language) {
    found(language, "我喜欢吃苹果和香蕉", "苹果", "香蕉", "果");
    found(language, "東京タワーに行きました", "東京", "タワー", "ﾀﾜｰ");
    found(language, "나는 서울에서 살아요", "서울", "서울에서");
    found(language, "ฉันมีแมวหนึ่งตัว", "แมว");
    found(language, "Мама мыла раму", "мама", "РАМУ");
    found(language, "Un café à Zürich", "café", "cafe\u0301", "cafe", "zurich", "Zürich");
    found(language, "ＦＵＬＬ width", "full");
    found(language, "شكرا جزيلا", "شكرا");
    found(language, "happy 🎂 day", "🎂");
    found(language, "私はCarolineです", "caroline", "私");
  }

  @Test
  void analyze_differentWords_shareNothing() {
    assertThat(shares(ENGLISH, "the cat sat", "dogs stood")).isFalse();
    assertThat(shares(NEUTRAL, "running", "runs")).isFalse();
    assertThat(shares(ENGLISH, "苹果", "香蕉")).isFalse();
  }

  @Test
  void analyze_nothingToFind_isEmpty() {
    for (var text : List.of("", " ", "\n\t\0", "?!…", "\ud800", "\u0301", "-_-", "://", "++#")) {
      assertThat(ENGLISH.analyze(text).isEmpty()).as(text).isTrue();
    }
    var stopWords = ENGLISH.analyze("to be or not to be");
    assertThat(stopWords.isEmpty()).isFalse();
    assertThat(stopWords.stems().terms()).isEmpty();
  }

  @Test
  void analyze_hostileTexts_takeLinearWork() {
    var texts =
        List.of(
            "a".repeat(100_000),
            "aA".repeat(500_000),
            "a.".repeat(500_000),
            "a\u0301\u0323".repeat(300_000),
            "a" + "\u0301\u0323\u0591".repeat(350_000),
            "\u0323".repeat(1_000_000),
            "漢".repeat(300_000),
            "ก".repeat(300_000),
            "\u200d".repeat(500_000),
            "👩‍👩‍👧‍👦".repeat(30_000),
            "1,".repeat(500_000),
            "a'".repeat(500_000),
            "\ud800".repeat(500_000),
            "ﷺ".repeat(300_000),
            "://".repeat(300_000),
            "a\u0600".repeat(200_000),
            "The quick <brown> fox; ".repeat(40_000));
    for (var text : texts) {
      var start = text.substring(0, Math.min(8, text.length()));
      for (var analysis : List.of(ENGLISH, NEUTRAL)) {
        var found =
            assertTimeoutPreemptively(
                Duration.ofSeconds(30), () -> analysis.analyze(text), "'" + start + "'");
        long chars = found.words().terms().stream().mapToLong(String::length).sum();
        assertThat(chars).as(start).isLessThan(4L * text.length() + 100);
        assertThat(found.words().terms()).allMatch(term -> term.length() <= 255);
      }
    }
  }

  @Test
  void analyze_randomTexts_findThemselvesAndTheirWords() {
    forSeeds(
        300,
        random -> {
          var text = text(random);
          for (var analysis : List.of(ENGLISH, NEUTRAL)) {
            var once = analysis.analyze(text);
            var again = analysis.analyze(text);
            assertThat(again.words().terms()).isEqualTo(once.words().terms());
            assertThat(again.stems().counts()).isEqualTo(once.stems().counts());
            assertThat(IntStream.of(once.words().counts()).sum())
                .isGreaterThanOrEqualTo(once.words().length());
            assertThat(counts(analysis.analyze(text + " " + text).words()))
                .containsOnlyKeys(once.words().terms());
          }
        });
  }

  @Test
  void analyze_manyThreads_doNotDisturbEachOther() throws InterruptedException {
    var texts = IntStream.range(0, 50).mapToObj(i -> "words number" + i + " running").toList();
    var expected = texts.stream().map(text -> ENGLISH.analyze(text).words().terms()).toList();
    var wrong = new ConcurrentLinkedQueue<String>();
    var threads = new ArrayList<Thread>();
    for (int t = 0; t < 40; t++) {
      threads.add(
          Thread.startVirtualThread(() -> {
            for (int i = 0; i < texts.size(); i++) {
              if (!ENGLISH.analyze(texts.get(i)).words().terms().equals(expected.get(i))) {
                wrong.add(texts.get(i));
              }
            }
          }));
    }
    for (var thread : threads) {
      thread.join();
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void spread_compounds_tellsWholesAndLeavesParts() {
    var wholes = new ArrayList<String>();
    assertThat(Compounds.spread("a_b x.Y-zQ, C++ dots... (q#) a//b", wholes::add))
        .isEqualTo("a b x Y zQ z Q, C++ dots... (q#) a//b");
    assertThat(wholes).containsExactly("a_b", "x.y-zq", "c++", "q#");
    assertThatCode(() -> Compounds.spread("a:", _ -> {})).doesNotThrowAnyException();
  }

  private static void found(String text, String... questions) {
    found(Language.ENGLISH, text, questions);
  }

  private static void found(Language language, String text, String... questions) {
    for (var question : questions) {
      assertThat(shares(Analysis.of(language), text, question))
          .as(text + " by " + question)
          .isTrue();
    }
  }

  private static boolean shares(Analysis analysis, String text, String question) {
    var one = analysis.analyze(text);
    var other = analysis.analyze(question);
    return one.words().terms().stream().anyMatch(other.words().terms()::contains)
        || one.stems().terms().stream().anyMatch(other.stems().terms()::contains);
  }

  private static Map<String, Integer> counts(Terms terms) {
    var counts = new LinkedHashMap<String, Integer>();
    for (int i = 0; i < terms.counts().length; i++) {
      counts.put(terms.terms().get(i), terms.counts()[i]);
    }
    return counts;
  }

  private static List<String> tokens(Analyzer analyzer, String text) throws IOException {
    var tokens = new ArrayList<String>();
    try (var stream = analyzer.tokenStream("field", text)) {
      var term = stream.addAttribute(CharTermAttribute.class);
      stream.reset();
      while (stream.incrementToken()) {
        tokens.add(term.toString());
      }
      stream.end();
    }
    return tokens;
  }

  private static String text(SplittableRandom random) {
    var pieces =
        List.of(
            "The",
            "runner's",
            "user_id",
            "HTTPServer",
            "漢字",
            "かな",
            "한국",
            "ไทย",
            "é",
            "e\u0301",
            "🎂",
            "👩‍👧",
            "\0",
            "\ud800",
            "\udfff",
            "SELECT * FROM t WHERE a='b';",
            "{\"k\":[1,2.5]}",
            "a@b.co",
            "://",
            "..",
            "--",
            "\u200b",
            "\u202e",
            "İ",
            "ß",
            "ﬁ",
            "١٢٣",
            "\r\n",
            "c++");
    var text = new StringBuilder();
    for (int i = random.nextInt(20); i > 0; i--) {
      if (random.nextInt(4) == 0) {
        text.appendCodePoint(random.nextInt(0x110000));
      } else {
        text.append(pieces.get(random.nextInt(pieces.size())));
      }
      text.append(random.nextBoolean() ? " " : "");
    }
    return text.toString();
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
