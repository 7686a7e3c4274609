package dev.remanence.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Which kernel answers, and that the vector one is worth its while.
final class KernelsTest {
  private static final int BLOCKS = 128;
  private static final int[] INDEXES = IntStream.range(0, 200).toArray();
  private static final long COMPILED_WITHIN_NANOS = 60_000_000_000L;

  @Test
  void search_withoutTheModule_answersByScalars() throws Exception {
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-ea",
                "-cp",
                location(VectorCodes.class),
                "-Xlog:disable",
                asked().toString())
            .redirectErrorStream(true)
            .start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output.strip()).isEqualTo("scalar 7");
  }

  private static String location(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }

  /// A program that searches more often than it takes to look for another kernel.
  private static Path asked() throws IOException {
    var file = Files.createTempFile("Asked", ".java");
    file.toFile().deleteOnExit();
    Files.writeString(
        file,
        """
        import dev.remanence.image.VectorCodes;
        import dev.remanence.image.VectorQuery;
        class Asked {
          public static void main(String[] arguments) {
            var codes = new VectorCodes(8);
            for (int row = 0; row < 1100; row++) {
              var vector = new float[8];
              vector[row % 8] = 1;
              codes.add(row, vector);
            }
            int last = -1;
            for (int i = 0; i < 100; i++) {
              var vector = new float[8];
              vector[7] = 1;
              last = codes.search(VectorQuery.nearest(vector, 1), 1100).rows()[0];
            }
            System.out.println(VectorCodes.kernel() + " " + last);
          }
        }
        """);
    return file;
  }

  /// Operations that were not compiled into instructions are slower by a factor of tens at least.
  @Test
  void vectorKernel_onceCompiled_isTwiceAsFastAsTheScalarOne() {
    var directions = new Directions(new SplittableRandom(1), 384);
    var chunk = new CodeChunk(new CodeLayout(384), 0, BLOCKS * CodeLayout.LANES);
    var mean = new Mean(new float[384], 1);
    chunk.center(mean, 0);
    for (int index = 0; index < chunk.capacity(); index++) {
      chunk.set(index, index, directions.next());
    }
    var query = mean.query(directions.next(), 0);
    var numbers = IntQuery.of(directions.next(), 384);
    long scalar = Long.MAX_VALUE / 4;
    long vector = Long.MAX_VALUE / 4;
    long end = System.nanoTime() + COMPILED_WITHIN_NANOS;
    while (2 * vector > scalar && System.nanoTime() < end) {
      scalar = Math.min(scalar, nanos(Kernels.scalar(), chunk, query, numbers));
      vector = Math.min(vector, nanos(Kernels.vector(), chunk, query, numbers));
    }
    assertThat(2 * vector).isLessThanOrEqualTo(scalar);
  }

  private static long nanos(Kernel kernel, CodeChunk chunk, SignQuery query, IntQuery numbers) {
    var signs = Objects.requireNonNull(chunk.signs());
    var lanes = new int[chunk.capacity()];
    var estimates = new float[chunk.capacity()];
    long start = System.nanoTime();
    int found = kernel.scan(signs.blocks(), 0, BLOCKS, query, 0.5f, lanes, estimates);
    chunk.cosines(kernel, INDEXES, INDEXES.length, numbers, estimates);
    long nanos = System.nanoTime() - start;
    assertThat(found).isNotNegative();
    return nanos;
  }
}
