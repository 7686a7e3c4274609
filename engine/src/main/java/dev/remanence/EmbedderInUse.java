package dev.remanence;

import dev.remanence.Meaning.Text;
import dev.remanence.embed.CachedQuestions;
import dev.remanence.embed.Embedder;
import dev.remanence.journal.Hash;
import dev.remanence.journal.VectorTable;
import dev.remanence.recall.Inquiry.Sense;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The embedder that a store was opened with, and the questions it was asked lately.
///
/// One that failed is left alone for a while, longer each time: meanwhile writes do not wait for
/// vectors, and words alone answer questions. Thread-safe.
final class EmbedderInUse implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("dev.remanence");
  private static final int QUESTIONS_MAX = 1000;
  private static final Duration PAUSE_MIN = Duration.ofSeconds(1);
  private static final Duration PAUSE_MAX = Duration.ofMinutes(1);

  private final Embedder embedder;
  private final CachedQuestions questions;

  /// Guards the pause.
  private final Object lock = new Object();

  private Duration pause = Duration.ZERO;
  private long awayUntil;

  EmbedderInUse(Embedder embedder) {
    this.embedder = embedder;
    this.questions = new CachedQuestions(embedder, QUESTIONS_MAX);
  }

  String model() {
    return embedder.model();
  }

  /// The model that will be in use if it can be loaded.
  String wanted() {
    return embedder.wanted();
  }

  Sense sense(String question) {
    return new Sense(questions.vector(question), embedder.spread());
  }

  List<float[]> passages(List<String> pieces) {
    return embedder.embedPassages(pieces);
  }

  /// One that answered is not left alone any more.
  List<VectorTable.Computed> embed(List<Text> texts) {
    var passages = texts.stream().map(Text::passages).toList();
    var vectors = passages(passages.stream().flatMap(List::stream).toList());
    synchronized (lock) {
      pause = Duration.ZERO;
    }
    var computed = new ArrayList<VectorTable.Computed>(texts.size());
    int from = 0;
    for (var each : passages) {
      computed.add(
          new VectorTable.Computed(
              model(),
              Hash.sha256(String.join("\0", each).getBytes(StandardCharsets.UTF_8)),
              List.copyOf(vectors.subList(from, from + each.size()))));
      from += each.size();
    }
    return computed;
  }

  /// Embeds texts; null for all where it cannot be done now.
  @Nullable List<VectorTable.Computed> tryToEmbed(List<Text> texts) {
    if (texts.isEmpty() || isAway()) {
      return null;
    }
    try {
      return embed(texts);
    } catch (RemanenceException e) {
      failed("a memory has no vector yet and is found by words alone: ", e);
      return null;
    }
  }

  boolean isAway() {
    synchronized (lock) {
      return !pause.isZero() && System.nanoTime() - awayUntil < 0;
    }
  }

  /// How long it is left alone after its last failure.
  Duration pause() {
    synchronized (lock) {
      return pause;
    }
  }

  void failed(String meaning, RemanenceException failure) {
    synchronized (lock) {
      if (!isAway()) {
        pause = pause.isZero() ? PAUSE_MIN : pause.multipliedBy(2);
        pause = pause.compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : pause;
        awayUntil = System.nanoTime() + pause.toNanos();
      }
    }
    LOG.log(System.Logger.Level.WARNING, meaning + failure.getMessage());
  }

  /// Forgets the questions that were asked: one may hold the words of what was erased.
  void forgetQuestions() {
    questions.clear();
  }

  @Override
  public void close() {
    embedder.close();
  }
}
