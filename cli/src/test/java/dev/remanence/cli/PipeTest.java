package dev.remanence.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remanence.Json;
import dev.remanence.Remanence;
import dev.remanence.daemon.protocol.RpcLine;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PipeTest {
  @TempDir private Path directory;
  private OwnReach reach;

  @BeforeEach
  void open() {
    reach = new OwnReach(Remanence.open(directory), "global");
  }

  @AfterEach
  void close() {
    reach.close();
  }

  private List<String> answers(InputStream in) throws IOException {
    var out = new ByteArrayOutputStream();
    new Pipe(reach, in, out).run();
    return out.toString(UTF_8).lines().toList();
  }

  private static String request(int id) {
    return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"scopes\"}";
  }

  private static Json id(String answer) {
    return requireNonNull(((Json.Obj) Json.parse(answer)).get("id"));
  }

  @Test
  void run_answersInOrder_skipsEmptyLines_takesALastLineWithoutEnd() throws IOException {
    var input = request(1) + "\n\n  \r\n" + request(2) + "\r\nnonsense\n" + request(3);
    var answers = answers(new ByteArrayInputStream(input.getBytes(UTF_8)));
    assertThat(answers).hasSize(4);
    assertThat(answers.stream().map(PipeTest::id).toList())
        .containsExactly(Json.of(1L), Json.of(2L), Json.ofNull(), Json.of(3L));
  }

  @Test
  void run_anyCutOfTheInput_answersTheSame() throws IOException {
    long seed = Long.getLong("remanence.seed", new SplittableRandom().nextLong());
    var random = new SplittableRandom(seed);
    var lines = new ArrayList<String>();
    for (int i = 0; i < 50; i++) {
      lines.add(random.nextInt(5) == 0 ? "x".repeat(random.nextInt(200_000)) : request(i));
    }
    var bytes = String.join("\n", lines).getBytes(UTF_8);
    var whole = answers(new ByteArrayInputStream(bytes));
    var cut =
        answers(
            new ByteArrayInputStream(bytes) {
              @Override
              public synchronized int read(byte[] target, int offset, int length) {
                return super.read(target, offset, Math.min(length, random.nextInt(1, 70_000)));
              }
            });
    assertThat(cut).as("-Dremanence.seed=" + seed).isEqualTo(whole);
  }

  @Test
  void run_lineTooLong_isRefusedWithoutBeingHeld() throws IOException {
    long bytesOfLine = 40L * RpcLine.LINE_BYTES_MAX;
    var in =
        new InputStream() {
          private long left = bytesOfLine;
          private final InputStream rest =
              new ByteArrayInputStream(("\n" + request(7) + "\n").getBytes(UTF_8));

          @Override
          public int read() {
            throw new AssertionError();
          }

          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            if (left == 0) {
              return rest.read(target, offset, length);
            }
            int count = (int) Math.min(left, length);
            Arrays.fill(target, offset, offset + count, (byte) 'x');
            left -= count;
            return count;
          }
        };
    var answers = answers(in);
    assertThat(answers).hasSize(2);
    assertThat(answers.getFirst()).contains("\"name\":\"TooLarge\"").contains("\"id\":null");
    assertThat(id(answers.getLast())).isEqualTo(Json.of(7L));
  }

  @Test
  void run_callerWaitsForAnAnswer_itIsFlushed() throws IOException {
    var out = new ByteArrayOutputStream();
    var buffered = new BufferedOutputStream(out, 1 << 16);
    var in =
        new InputStream() {
          private final byte[] line = (request(1) + "\n").getBytes(UTF_8);
          private int asked;

          @Override
          public int read() {
            throw new AssertionError();
          }

          @Override
          public int read(byte[] target, int offset, int length) {
            if (asked++ == 0) {
              System.arraycopy(line, 0, target, offset, line.length);
              return line.length;
            }
            assertThat(out.toString(UTF_8)).contains("\"id\":1");
            return -1;
          }
        };
    new Pipe(reach, in, buffered).run();
    assertThat(out.toString(UTF_8).lines()).hasSize(1);
  }
}
