package dev.remanence.daemon.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remanence.RemanenceException.Busy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LineReaderTest {
  private static final int LINE_MAX = 50_000;

  private final LineBudget budget = new LineBudget(280_000);
  private final AtomicInteger begun = new AtomicInteger();

  private LineReader reader(InputStream in) {
    return new LineReader(in, LINE_MAX, budget, begun::incrementAndGet);
  }

  private LineReader reader(String text) {
    return reader(new ByteArrayInputStream(text.getBytes(UTF_8)));
  }

  /// A stream that gives as many bytes at once as it likes.
  private static InputStream trickling(byte[] bytes, SplittableRandom random) {
    return new ByteArrayInputStream(bytes) {
      @Override
      public synchronized int read(byte[] target, int offset, int length) {
        return super.read(target, offset, Math.min(length, 1 + random.nextInt(9000)));
      }
    };
  }

  @Test
  void next_anySplitIntoReads_givesTheLines() throws IOException {
    long seed = System.nanoTime();
    var random = new SplittableRandom(seed);
    var lines = new ArrayList<String>();
    for (int i = 0; i < 200; i++) {
      int length = random.nextInt(10) == 0 ? random.nextInt(LINE_MAX) : random.nextInt(40);
      lines.add("x".repeat(length));
    }
    var text = String.join("\n", lines) + "\n";
    var reader = reader(trickling(text.getBytes(UTF_8), random));
    var read = new ArrayList<String>();
    for (var line = reader.next(); line != null; line = reader.next()) {
      assertThat(reader.isTooLong()).as("seed %d", seed).isFalse();
      read.add(new String(line, UTF_8));
    }
    assertThat(read).as("seed %d", seed).isEqualTo(lines);
    assertThat(budget.used()).isZero();
  }

  @Test
  void next_tooLong_isSkippedAndSaid() throws IOException {
    var reader = reader("a\n" + "x".repeat(LINE_MAX + 1) + "\nb");
    assertThat(reader.next()).isEqualTo("a".getBytes(UTF_8));
    assertThat(reader.next()).isEmpty();
    assertThat(reader.isTooLong()).isTrue();
    assertThat(reader.next()).isEqualTo("b".getBytes(UTF_8));
    assertThat(reader.isTooLong()).isFalse();
    assertThat(reader.next()).isNull();
    assertThat(budget.used()).isZero();
  }

  @Test
  void next_beyondTheBudget_isBusy_andRoomComesBack() throws IOException {
    var readers = new ArrayList<LineReader>();
    for (int i = 0; i < 2; i++) {
      var reader = reader("x".repeat(40_000) + "\nb\n");
      reader.next();
      readers.add(reader);
    }
    var third = reader("x".repeat(40_000) + "\n");
    assertThatThrownBy(third::next).isInstanceOf(Busy.class);
    third.letGo();
    readers.getFirst().next();
    assertThat(reader("x".repeat(40_000) + "\n").next()).hasSize(40_000);
  }

  @Test
  void next_tellsThatALineWasBegun() throws IOException {
    var whole = reader("a\nb\n");
    whole.next();
    whole.next();
    assertThat(begun).hasValue(0);
    reader("x".repeat(20_000) + "\n").next();
    assertThat(begun.get()).isPositive();
  }

  @Test
  void next_emptyLines_areLines() throws IOException {
    var reader = reader("\n\na");
    assertThat(reader.next()).isEmpty();
    assertThat(reader.next()).isEmpty();
    assertThat(reader.next()).hasSize(1);
    assertThat(reader.next()).isNull();
  }
}
