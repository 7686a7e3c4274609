package dev.remanence.embed;

import dev.remanence.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.SplittableRandom;

/// What the tests of this package share: texts, vocabularies, a place to unpack.
final class Texts {
  /// Kept between runs, as a user's cache is.
  static final Path UNPACKED = Path.of("target", "unpacked").toAbsolutePath();

  private static final int[][] BLOCKS = {
    {0x20, 0x7e},
    {0x20, 0x7e},
    {0x00, 0x1f},
    {0x80, 0x24f},
    {0x300, 0x36f},
    {0x370, 0x52f},
    {0x590, 0x6ff},
    {0x900, 0xdff},
    {0x1100, 0x11ff},
    {0x1e00, 0x206f},
    {0x2190, 0x27bf},
    {0x3000, 0x30ff},
    {0x4e00, 0x4fff},
    {0xac00, 0xad00},
    {0xd800, 0xdfff},
    {0xf900, 0xffff},
    {0x1d100, 0x1d1ff},
    {0x1f300, 0x1f9ff},
    {0x20000, 0x20100},
    {0xe0000, 0xe01ff}
  };

  private Texts() {}

  static WordPiece e5Words() {
    return words(Model.E5_SMALL_V2);
  }

  static WordPiece words(Model model) {
    try (var in =
        Objects.requireNonNull(
            Texts.class.getClassLoader().getResourceAsStream(model.tokenizer()))) {
      return WordPiece.of(Json.parse(in.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Anything a string can hold, half surrogate pairs included.
  static String noise(SplittableRandom random) {
    var text = new StringBuilder();
    int length = random.nextInt(120);
    for (int i = 0; i < length; i++) {
      var block = BLOCKS[random.nextInt(BLOCKS.length)];
      text.appendCodePoint(random.nextInt(block[0], block[1] + 1));
      if (random.nextInt(6) == 0) {
        text.append(' ');
      }
    }
    return text.toString();
  }

  static float cosine(float[] a, float[] b) {
    float sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
