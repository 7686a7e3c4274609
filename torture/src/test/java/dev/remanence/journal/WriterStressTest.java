package dev.remanence.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.StoreClosed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The journal's [Writer] beside many callers. Each request takes the next number of a counter in
/// the journal and appends a revision with a text of its own:
///
/// - every number is given once and none is left out, though every seventh request fails after it
///   took one, in the middle of a group;
/// - a request that began after another was answered has the greater number;
/// - what was answered is read by the next read of any thread;
/// - a caller that is interrupted gets its answer, and stays interrupted;
/// - a close in the middle: what was answered is in the journal once, what was refused is not, and
///   every caller is told the one or the other.
///
/// Its thread calls native code, so the interleavings are those that happen, not those that a model
/// checker tries.
///
/// The planted bug, which the same check must find: numbers taken beside the writer's transaction.
@NullMarked
class WriterStressTest {
  private static final int THREADS = 8;
  private static final int REQUESTS = 250;
  private static final String COUNTER = "counter";

  @TempDir Path directory;

  /// How a caller takes a number.
  private interface Taking {
    long take(SqliteJournal journal, String text, boolean failing);
  }

  /// A number that was taken.
  ///
  /// @param begin before the call, by the clock of all threads
  /// @param end after it
  private record Taken(String text, long number, long begin, long end) {}

  @Test
  void write_manyThreads_numbersAreGivenOnceAndInOrder() throws Exception {
    checkNumbers(WriterStressTest::takeInTheWriter);
  }

  @Test
  void write_numbersTakenBesideTheWriter_areFound() {
    assertThatThrownBy(() -> checkNumbers(WriterStressTest::takeBesideTheWriter))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void close_inTheMiddle_keepsWhatWasAnsweredAndNothingElse() throws Exception {
    for (int round = 0; round < 5; round++) {
      checkClose(directory.resolve("round" + round), 1 + round * 100);
    }
  }

  private static long takeInTheWriter(SqliteJournal journal, String text, boolean failing) {
    return journal.write(
        64,
        ledger -> {
          long number = counted(ledger.reader().meta(COUNTER)) + 1;
          ledger.setMeta(COUNTER, Long.toString(number));
          Texts.append(ledger, "scope", text);
          if (failing) {
            throw new InvalidInput("this one fails", "text", text);
          }
          return number;
        });
  }

  private static long takeBesideTheWriter(SqliteJournal journal, String text, boolean failing) {
    long number = count(journal) + 1;
    if (failing) {
      throw new InvalidInput("this one fails", "text", text);
    }
    return journal.write(
        64,
        ledger -> {
          ledger.setMeta(COUNTER, Long.toString(number));
          Texts.append(ledger, "scope", text);
          return number;
        });
  }

  private static long counted(@Nullable String value) {
    return Long.parseLong(Objects.requireNonNullElse(value, "0"));
  }

  private static long count(SqliteJournal journal) {
    return journal.read(reader -> counted(reader.meta(COUNTER)));
  }

  private void checkNumbers(Taking taking) throws Exception {
    var all = new ConcurrentLinkedQueue<Taken>();
    var wrong = new ConcurrentLinkedQueue<Object>();
    try (var journal = Texts.open(directory.resolve("numbers"))) {
      var threads = new ArrayList<Thread>();
      for (int i = 0; i < THREADS; i++) {
        int thread = i;
        threads.add(
            Thread.ofPlatform()
                .start(() -> {
                  try {
                    takeMany(journal, taking, thread, all);
                  } catch (RuntimeException | AssertionError e) {
                    wrong.add(e);
                  }
                }));
      }
      for (var thread : threads) {
        thread.join();
      }
      assertThat(wrong).isEmpty();
      assertThat(texts(journal)).containsExactlyInAnyOrderElementsOf(textsOf(all));
    }
    checkOrder(all);
  }

  private static void takeMany(
      SqliteJournal journal, Taking taking, int thread, Collection<Taken> all) {
    for (int i = 0; i < REQUESTS; i++) {
      var text = "request " + i + " of thread " + thread;
      boolean interrupted = i % 5 == 0;
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      long begin = System.nanoTime();
      if (i % 7 == 3) {
        assertThatThrownBy(() -> taking.take(journal, text, true)).isInstanceOf(InvalidInput.class);
      } else {
        long number = taking.take(journal, text, false);
        all.add(new Taken(text, number, begin, System.nanoTime()));
        assertThat(count(journal)).isGreaterThanOrEqualTo(number);
      }
      assertThat(Thread.interrupted()).isEqualTo(interrupted);
    }
  }

  private static void checkOrder(Collection<Taken> all) {
    var byNumber = all.stream().sorted(Comparator.comparingLong(Taken::number)).toList();
    long latestBegin = Long.MIN_VALUE;
    for (int i = 0; i < byNumber.size(); i++) {
      var taken = byNumber.get(i);
      assertThat(taken.number).isEqualTo(i + 1);
      assertThat(taken.end).describedAs("%s, by its number", taken).isGreaterThan(latestBegin);
      latestBegin = Math.max(latestBegin, taken.begin);
    }
  }

  private static void checkClose(Path directory, int answersBefore) throws Exception {
    var answered = new ConcurrentLinkedQueue<String>();
    var refused = new ConcurrentLinkedQueue<String>();
    var wrong = new ConcurrentLinkedQueue<Object>();
    var enough = new CountDownLatch(answersBefore);
    var threads = new ArrayList<Thread>();
    try (var journal = Texts.open(directory)) {
      for (int i = 0; i < THREADS; i++) {
        int thread = i;
        threads.add(
            Thread.ofPlatform()
                .start(() -> {
                  for (int n = 0; refused.isEmpty() && wrong.isEmpty(); n++) {
                    var text = "request " + n + " of thread " + thread;
                    try {
                      takeInTheWriter(journal, text, false);
                      answered.add(text);
                    } catch (StoreClosed e) {
                      refused.add(text);
                    } catch (RuntimeException e) {
                      wrong.add(e);
                    }
                    enough.countDown();
                  }
                }));
      }
      enough.await();
    }
    for (var thread : threads) {
      thread.join();
    }
    assertThat(wrong).isEmpty();
    try (var journal = Texts.open(directory)) {
      assertThat(texts(journal)).containsExactlyInAnyOrderElementsOf(answered);
      assertThat(count(journal)).isEqualTo(answered.size());
    }
  }

  private static List<String> textsOf(Collection<Taken> all) {
    return all.stream().map(Taken::text).toList();
  }

  /// The texts of all revisions in the journal.
  private static List<String> texts(SqliteJournal journal) {
    return journal.read(reader -> reader.entries(0, Integer.MAX_VALUE)).stream()
        .map(entry -> Objects.requireNonNull(entry.decoded()).content())
        .filter(Objects::nonNull)
        .map(content -> String.valueOf(content.text()))
        .toList();
  }
}
