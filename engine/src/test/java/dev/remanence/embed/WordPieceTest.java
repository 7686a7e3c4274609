package dev.remanence.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remanence.Json;
import dev.remanence.RemanenceException.Unavailable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// The ids of `word-pieces.jsonl` come from Hugging Face's tokenizer with the same vocabulary.
class WordPieceTest {
  private static final WordPiece WORDS = Texts.e5Words();

  @Test
  void encode_asTheReferenceDoes() throws IOException {
    int compared = 0;
    for (var line : golden()) {
      var text = Objects.requireNonNull(line.string("text"));
      var ids =
          Objects.requireNonNull(line.array("ids")).items().stream()
              .mapToInt(id -> (int) ((Json.Num) id).value())
              .toArray();
      assertThat(WORDS.encode(text, 512)).as(text).isEqualTo(ids);
      compared++;
    }
    assertThat(compared).isGreaterThan(40);
  }

  private static List<Json.Obj> golden() throws IOException {
    try (var in =
        Objects.requireNonNull(WordPieceTest.class.getResourceAsStream("word-pieces.jsonl"))) {
      var lines = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return lines.lines().map(line -> (Json.Obj) Json.parse(line)).toList();
    }
  }

  @Test
  void encode_nameOfASpecialToken_isPlainText() {
    var ids = WORDS.encode("[SEP]", 512);

    assertThat(ids).hasSize(5).startsWith(WORDS.cls()).endsWith(WORDS.sep());
    assertThat(Arrays.copyOfRange(ids, 1, 4)).doesNotContain(WORDS.sep());
  }

  @Test
  void encode_longText_isCutAndClosed() {
    var whole = WORDS.encode("rowing boats ".repeat(1000), 100_000);
    var cut = WORDS.encode("rowing boats ".repeat(1000), 512);

    assertThat(cut).hasSize(512).endsWith(WORDS.sep());
    assertThat(Arrays.copyOf(cut, 511)).isEqualTo(Arrays.copyOf(whole, 511));
  }

  /// Whatever the text: no exception, a first and a last token, ids of the vocabulary, never more
  /// than asked for, and a smaller limit gives the beginning of what a larger one gives.
  @Test
  void encode_anyText_isBounded() {
    long seed = Long.getLong("remanence.seed", System.nanoTime());
    var random = new SplittableRandom(seed);
    for (int round = 0; round < 3000; round++) {
      var text = Texts.noise(random);
      int max = random.nextInt(2, 40);
      var ids = WORDS.encode(text, max);
      var more = WORDS.encode(text, 100_000);
      var label = "-Dremanence.seed=" + seed + " round=" + round;
      assertThat(ids.length).as(label).isBetween(2, max);
      assertThat(ids[0]).as(label).isEqualTo(WORDS.cls());
      assertThat(ids[ids.length - 1]).as(label).isEqualTo(WORDS.sep());
      assertThat(Arrays.copyOf(ids, ids.length - 1))
          .as(label)
          .isEqualTo(Arrays.copyOf(more, ids.length - 1));
      assertThat(Arrays.stream(more).allMatch(id -> id >= 0 && id < WORDS.pieces().size()))
          .as(label)
          .isTrue();
    }
  }

  @Test
  void encode_aMillionMarks_isBounded() {
    assertThat(WORDS.encode("!".repeat(1 << 20), 512)).hasSize(512);
    assertThat(WORDS.encode("\u0301".repeat(1 << 20), 512)).hasSize(2);
    assertThat(WORDS.encode("z".repeat(1 << 20), 512)).hasSize(3).contains(WORDS.unknown());
  }

  @Test
  void of_otherTokenizer_isRefused() {
    for (var text :
        List.of(
            "[]",
            "{\"model\":{\"vocab\":{\"a\":0}}}",
            "{\"normalizer\":{\"lowercase\":true},\"model\":{\"vocab\":{\"a\":0,\"b\":0}}}",
            "{\"normalizer\":{\"lowercase\":true},\"model\":{\"vocab\":{\"a\":0,\"b\":7}}}",
            "{\"normalizer\":{\"lowercase\":true},\"model\":{\"vocab\":{\"a\":0}}}",
            "{\"normalizer\":{\"lowercase\":false},\"model\":{\"vocab\":{\"a\":0}}}")) {
      assertThatThrownBy(() -> WordPiece.of(Json.parse(text)))
          .as(text)
          .isInstanceOf(Unavailable.class);
    }
  }

  @Test
  void pieces_ofEveryModel_areThoseOfOneVocabulary() {
    var lists = new ArrayList<List<String>>();
    for (var model : Model.ALL) {
      lists.add(Texts.words(model).pieces());
    }
    assertThat(lists).containsOnly(lists.getFirst());
  }
}
