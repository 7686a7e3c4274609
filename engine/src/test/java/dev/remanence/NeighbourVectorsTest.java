package dev.remanence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.remanence.embed.Embedders;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A turn is embedded with the turn before it. Where that one is revised the vector follows; where
/// it is erased nothing of it stays.
final class NeighbourVectorsTest {
  private static final String SCOPE = "acme";
  private static final String ZEBRA = "a zebra crossed the river";
  private static final String INVOICE = "the invoice of the plumber";

  @TempDir Path temp;

  private EmbeddedStore open(String embedder) {
    return (EmbeddedStore)
        Remanence.open(temp.resolve("store"), OpenOptions.DEFAULT.embedder(embedder));
  }

  private static UUID say(Remanence store, String speaker, String text) {
    var sitting = new Provenance("one", null, null, null, null, null, null, null);
    return store.remember(SCOPE, Draft.of(text).speaker(speaker).provenance(sitting)).id();
  }

  private static float[] vector(String text) {
    try (var embedder =
        Objects.requireNonNull(Embedders.open("static", null, new SplittableRandom(1)))) {
      return embedder.embedPassage(text);
    }
  }

  private static double cosine(String one, String other) {
    double sum = 0;
    var a = vector(one);
    var b = vector(other);
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double nearness(Remanence store, String text, UUID id) {
    return store.similar(SCOPE, Similar.to(text).threshold(-1)).stream()
        .filter(hit -> hit.memory().id().equals(id))
        .mapToDouble(Hit::score)
        .findFirst()
        .orElse(Double.NaN);
  }

  private static void awaitVectors(Remanence store) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (store.stats().vectorsWaiting() > 0) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  @Test
  void revisedBefore_theVectorFollows() {
    UUID answer;
    UUID question;
    try (var store = open("static")) {
      question = say(store, "Bob", ZEBRA);
      store.remember(SCOPE, Draft.of("something else meanwhile"));
      answer = say(store, "Anna", "yes, indeed");
      say(store, "Bob", "I see");
      assertThat(nearness(store, ZEBRA, answer))
          .isCloseTo(cosine(ZEBRA, "Bob: " + ZEBRA + "\nAnna: yes, indeed"), within(0.02));

      store.revise(question, new Patch().text(INVOICE));
      awaitVectors(store);
      var now = "Bob: " + INVOICE + "\nAnna: yes, indeed";
      assertThat(nearness(store, ZEBRA, answer)).isCloseTo(cosine(ZEBRA, now), within(0.02));
      assertThat(nearness(store, INVOICE, answer)).isCloseTo(cosine(INVOICE, now), within(0.02));
      store.revert(question, 1, null);
      awaitVectors(store);
      assertThat(nearness(store, ZEBRA, answer))
          .isCloseTo(cosine(ZEBRA, "Bob: " + ZEBRA + "\nAnna: yes, indeed"), within(0.02));
    }
  }

  @Test
  void revisedElsewhere_theImportedTurnMovesTheNextOnesVector() throws IOException {
    try (var store = open("static");
        var other =
            (EmbeddedStore)
                Remanence.open(temp.resolve("other"), OpenOptions.DEFAULT.embedder("static"))) {
      var question = say(store, "Bob", ZEBRA);
      var answer = say(store, "Anna", "yes, indeed");
      carry(store, other);
      assertThat(nearness(other, ZEBRA, answer))
          .isCloseTo(cosine(ZEBRA, "Bob: " + ZEBRA + "\nAnna: yes, indeed"), within(0.02));

      store.revise(question, new Patch().text(INVOICE));
      var lines = new ByteArrayOutputStream();
      store.exportTo(lines, Remanence.Progress.NONE);
      // As from a site that computes no vectors.
      var revisions =
          lines
              .toString(StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.contains("\"type\":\"vector\""))
              .collect(Collectors.joining("\n"));
      carry(revisions.getBytes(StandardCharsets.UTF_8), other);
      awaitVectors(other);
      assertThat(nearness(other, INVOICE, answer))
          .isCloseTo(cosine(INVOICE, "Bob: " + INVOICE + "\nAnna: yes, indeed"), within(0.02));
    }
  }

  private static void carry(Remanence from, Remanence to) {
    var lines = new ByteArrayOutputStream();
    from.exportTo(lines, Remanence.Progress.NONE);
    carry(lines.toByteArray(), to);
  }

  private static void carry(byte[] lines, Remanence to) {
    to.importFrom(new ByteArrayInputStream(lines), ImportOptions.DEFAULT, Remanence.Progress.NONE);
  }

  @Test
  void revisedBefore_withoutTheModel_theNextOpeningFollows() {
    UUID question;
    UUID answer;
    try (var store = open("static")) {
      question = say(store, "Bob", ZEBRA);
      answer = say(store, "Anna", "yes, indeed");
    }
    try (var store = open("none")) {
      store.revise(question, new Patch().text(INVOICE));
    }
    try (var store = open("static")) {
      awaitVectors(store);
      assertThat(nearness(store, INVOICE, answer))
          .isCloseTo(cosine(INVOICE, "Bob: " + INVOICE + "\nAnna: yes, indeed"), within(0.02));
    }
  }

  @Test
  void erasedBefore_nothingOfItStays() throws IOException {
    var old = halves(vector("Bob: " + ZEBRA + "\nAnna: yes, indeed"));
    UUID question;
    UUID answer;
    try (var store = open("static")) {
      say(store, "Bob", INVOICE);
      question = say(store, "Anna", "hm");
      answer = say(store, "Anna", "yes, indeed");
      store.erase(question, null);
      awaitVectors(store);
      // The turn before the erased one is the one before now.
      assertThat(nearness(store, INVOICE, answer))
          .isCloseTo(cosine(INVOICE, "Bob: " + INVOICE + "\nAnna: yes, indeed"), within(0.02));

      question = say(store, "Bob", ZEBRA);
      answer = say(store, "Anna", "yes, indeed");
      store.list(SCOPE, Listing.FIRST);
    }
    assertThat(filesWith(old)).isNotEmpty();
    // No model here computes a vector in its place.
    try (var store = open("none")) {
      store.erase(question, null);
      assertThat(filesWith(old)).isEmpty();
    }
    try (var store = open("static")) {
      awaitVectors(store);
      assertThat(nearness(store, "yes, indeed", answer)).isGreaterThan(0.3);
      assertThat(filesWith(old)).isEmpty();
    }
  }

  private static byte[] halves(float[] vector) {
    var bytes = ByteBuffer.allocate(2 * vector.length);
    for (float number : vector) {
      bytes.putShort(Float.floatToFloat16(number));
    }
    return bytes.array();
  }

  /// The store's files that hold the bytes, or their beginning before a page's end.
  private List<Path> filesWith(byte[] bytes) throws IOException {
    var wanted = new String(bytes, 0, 40, StandardCharsets.ISO_8859_1);
    try (var files = Files.walk(temp.resolve("store"))) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> read(file).contains(wanted))
          .toList();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
