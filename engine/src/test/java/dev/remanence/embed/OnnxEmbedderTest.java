package dev.remanence.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.remanence.ChildJvm;
import dev.remanence.RemanenceException.StoreClosed;
import dev.remanence.RemanenceException.Unavailable;
import dev.remanence.unpack.Unpacked;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxEmbedderTest {
  private static OnnxEmbedder open(Model model) {
    return new OnnxEmbedder(model, new Unpacked(Texts.UNPACKED), 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"e5-small-v2", "minilm", "bge-small"})
  void embed_likeTextsLieNearer(String setting) {
    try (var embedder =
        Objects.requireNonNull(Embedders.open(setting, Texts.UNPACKED, new Random(1)))) {
      var question = embedder.embedQuery("Where does Ines keep the bicycle?");
      var answer = embedder.embedPassage("Ines: my bike is in the shed behind the house");
      var other = embedder.embedPassage("Tom: the soup needs more salt and an hour on the stove");

      assertThat(question).hasSize(embedder.dimension());
      assertThat(Texts.cosine(question, question)).isCloseTo(1, within(1e-5f));
      assertThat(Texts.cosine(answer, answer)).isCloseTo(1, within(1e-5f));
      assertThat(Texts.cosine(question, answer)).isGreaterThan(Texts.cosine(question, other));
    }
  }

  /// The beginnings of vectors, so that prefix and pooling cannot change unnoticed. Processors
  /// differ in the last digits of the 8-bit networks.
  @Test
  void embedQuery_isTheModelsOwn() {
    var beginnings =
        Map.of(
            Model.E5_SMALL_V2, new float[] {-0.0647f, 0.0443f, 0.0396f, -0.0050f, 0.0096f, 0.0357f},
            Model.MINILM, new float[] {0.0587f, 0.0904f, 0.0615f, 0.0018f, -0.0002f, 0.0082f},
            Model.BGE_SMALL, new float[] {0.0236f, -0.0643f, 0.0377f, -0.0385f, -0.0296f, 0.0101f});
    for (var model : Model.ALL) {
      try (var embedder = open(model)) {
        var vector = embedder.embedQuery("The ferry leaves at noon.");
        var expected = Objects.requireNonNull(beginnings.get(model));
        for (int i = 0; i < expected.length; i++) {
          assertThat(vector[i]).as(model.id() + " " + i).isCloseTo(expected[i], within(0.008f));
        }
      }
    }
  }

  @Test
  void embed_sameText_sameBits() {
    try (var first = open(Model.E5_SMALL_V2);
        var second = open(Model.E5_SMALL_V2)) {
      var text = "The orchard was sold in March.";
      var vector = first.embedPassage(text);

      first.embedPassage("something else in between");
      assertThat(first.embedPassage(text)).isEqualTo(vector);
      assertThat(second.embedPassage(text)).isEqualTo(vector);
      assertThat(first.embedQuery(text)).isNotEqualTo(vector);
    }
  }

  @Test
  void embed_fromManyThreads_eachAsAlone() throws Exception {
    try (var embedder = open(Model.MINILM);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var texts = new ArrayList<String>();
      for (int i = 0; i < 40; i++) {
        texts.add("note number " + i + " about " + "gardens ".repeat(i % 7));
      }
      var alone = texts.stream().map(embedder::embedPassage).toList();
      var together = new ArrayList<Future<float[]>>();
      for (var text : texts) {
        together.add(threads.submit(() -> embedder.embedPassage(text)));
      }
      for (int i = 0; i < texts.size(); i++) {
        assertThat(together.get(i).get()).isEqualTo(alone.get(i));
      }
      assertThat(embedder.embedPassages(texts)).containsExactlyElementsOf(alone);
    }
  }

  @Test
  void embed_emptyAndEndlessTexts_haveVectors() {
    try (var embedder = open(Model.MINILM)) {
      for (var text : List.of("", "\0", "word ".repeat(100_000), "\ud83d")) {
        var vector = embedder.embedPassage(text);
        assertThat(Texts.cosine(vector, vector)).isCloseTo(1, within(1e-5f));
      }
      var cut = embedder.embedPassage("word ".repeat(5000));
      assertThat(embedder.embedPassage("word ".repeat(254))).isEqualTo(cut);
      assertThat(embedder.embedPassage("word ".repeat(253))).isNotEqualTo(cut);
    }
  }

  @Test
  void open_loadsNothing(@TempDir Path directory) {
    var cache = directory.resolve("cache");
    try (var embedder = new OnnxEmbedder(Model.MINILM, new Unpacked(cache), 1)) {
      assertThat(embedder.model()).isEqualTo("all-minilm-l6-v2-q8");
      assertThat(embedder.dimension()).isEqualTo(384);
      assertThat(cache).doesNotExist();

      embedder.embedQuery("now");
      assertThat(cache).isDirectory();
    }
  }

  @Test
  void embed_modelNotOnTheClassPath_namesTheArtifact() {
    var absent =
        new Model(
            "absent",
            "absent-1",
            "org.example:absent-model:1",
            "absent.onnx",
            "00",
            "absent.json",
            "00",
            384,
            512,
            "",
            "",
            0.1,
            Model.Pooling.MEAN);
    try (var embedder = open(absent)) {
      assertThatThrownBy(() -> embedder.embedQuery("hello"))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("org.example:absent-model:1");
    }
  }

  @Test
  void embed_otherFileUnderTheModelsName_isRefused(@TempDir Path directory) {
    var pinned = Model.MINILM;
    var altered =
        new Model(
            pinned.setting(),
            pinned.id(),
            pinned.artifact(),
            pinned.resource(),
            "00".repeat(32),
            pinned.tokenizer(),
            pinned.tokenizerSha256(),
            384,
            256,
            "",
            "",
            0.1,
            Model.Pooling.MEAN);
    try (var embedder = new OnnxEmbedder(altered, new Unpacked(directory.resolve("c")), 1)) {
      assertThatThrownBy(() -> embedder.embedQuery("hello"))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("not the file");
      assertThat(directory.resolve("c").toFile().list((_, name) -> name.contains(".onnx")))
          .isEmpty();
    }
  }

  @Test
  void embed_afterClose_isRefused() {
    var embedder = open(Model.MINILM);
    embedder.embedQuery("before");
    embedder.close();
    embedder.close();

    assertThatThrownBy(() -> embedder.embedQuery("after")).isInstanceOf(StoreClosed.class);
  }

  @Test
  void process_leavesNothingInTheTemporaryDirectory(@TempDir Path temporary) throws Exception {
    var child =
        ChildJvm.start(
            List.of("-Djava.io.tmpdir=" + temporary),
            FirstVector.class,
            "minilm",
            Texts.UNPACKED.toString());
    ChildJvm.output(child);
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void manyProcesses_embedFromOneEmptyDirectory(@TempDir Path directory) throws Exception {
    var processes = new ArrayList<Process>();
    for (int i = 0; i < 2; i++) {
      processes.add(ChildJvm.start(List.of(), FirstVector.class, "minilm", directory.toString()));
    }
    for (var process : processes) {
      assertThat(ChildJvm.output(process)).contains("all-minilm-l6-v2-q8 384");
    }
    assertThat(directory.toFile().list()).hasSize(2).noneMatch(name -> name.endsWith(".part"));
  }
}
