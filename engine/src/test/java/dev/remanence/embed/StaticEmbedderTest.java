package dev.remanence.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.remanence.RemanenceException.StoreClosed;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class StaticEmbedderTest {
  @Test
  void embed_likeTextsLieNearer() {
    try (var embedder = new StaticEmbedder()) {
      var question = embedder.embedQuery("Which instrument did the girl learn?");
      var answer = embedder.embedPassage("Mara: I have begun to play the violin");
      var other = embedder.embedPassage("Mara: the bus was late again on Tuesday");

      assertThat(Texts.cosine(question, answer)).isGreaterThan(Texts.cosine(question, other));
    }
  }

  @Test
  void model_namesTheTable() {
    try (var embedder = new StaticEmbedder()) {
      assertThat(embedder.model()).matches("static-minilm-256-[0-9a-f]{8}");
      assertThat(embedder.dimension()).isEqualTo(Distillation.DIMENSION);
    }
  }

  @Test
  void embed_anyText_hasUnitLength() {
    long seed = Long.getLong("remanence.seed", System.nanoTime());
    var random = new SplittableRandom(seed);
    try (var embedder = new StaticEmbedder();
        var again = new StaticEmbedder()) {
      for (int round = 0; round < 500; round++) {
        var text = round == 0 ? "" : Texts.noise(random);
        var vector = embedder.embedPassage(text);
        assertThat(Texts.cosine(vector, vector))
            .as("-Dremanence.seed=" + seed)
            .isCloseTo(1, within(1e-4f));
        assertThat(again.embedPassage(text)).isEqualTo(vector);
      }
    }
  }

  @Test
  void embed_onlyUnknownWords_areNearByTheWordsThatTheyShare() {
    try (var embedder = new StaticEmbedder()) {
      var one = embedder.embedPassage("\uE000\uE001 \uE002");
      var like = embedder.embedPassage("\uE002 \uE003");
      var other = embedder.embedPassage("\uE004 \uE005");
      assertThat(Texts.cosine(one, like)).isGreaterThan(0.3f);
      assertThat(Texts.cosine(one, other)).isLessThan(0.3f);
    }
  }

  @Test
  void embed_afterClose_isRefused() {
    var embedder = new StaticEmbedder();
    embedder.close();
    assertThatThrownBy(() -> embedder.embedQuery("after")).isInstanceOf(StoreClosed.class);
  }

  @Test
  void table_writtenAndRead_isTheSame() throws IOException {
    var rows = new float[][] {{1, -0.5f, 0.25f}, {0, 0, 0}, {1e-3f, 2e-3f, -4e-3f}};
    var bytes = new ByteArrayOutputStream();
    StaticTable.of(List.of("a", "", "ü##"), rows).write(bytes, new byte[StaticTable.HASH_BYTES]);
    var table = StaticTable.read(new ByteArrayInputStream(bytes.toByteArray()));

    assertThat(table.pieces()).containsExactly("a", "", "ü##");
    for (int row = 0; row < rows.length; row++) {
      var sum = new float[3];
      table.add(row, sum);
      for (int i = 0; i < 3; i++) {
        assertThat(sum[i]).isCloseTo(rows[row][i], within(5e-3f));
      }
    }
    assertThatThrownBy(() -> StaticTable.read(new ByteArrayInputStream(new byte[100])))
        .isInstanceOf(IOException.class);
  }

  @Test
  void axes_ofAFlatCloud_findItsWidth() {
    var random = new SplittableRandom(5);
    var cloud = new float[400][];
    for (int i = 0; i < cloud.length; i++) {
      float wide = (float) (10 * (random.nextDouble() - 0.5));
      float narrow = (float) (random.nextDouble() - 0.5);
      cloud[i] = new float[] {7 + wide + narrow, 3 + wide - narrow, -2};
    }
    var axes = PrincipalAxes.of(cloud, 2);
    var along = axes.along(new float[] {8, 4, -2}, 1);
    var across = axes.along(new float[] {8, 2, -2}, 1);

    assertThat(along[0] - axes.along(new float[] {7, 3, -2}, 1)[0])
        .isCloseTo((float) Math.sqrt(2), within(0.02f));
    assertThat(Math.abs(across[1] - axes.along(new float[] {7, 3, -2}, 1)[1]))
        .isCloseTo((float) Math.sqrt(2), within(0.02f));
  }
}
