package dev.remanence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.NotFound;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Export, import, backup and restore carry everything, and say what they could not carry.
class CarryingTest {
  @TempDir Path directory;

  private Remanence open(String name) {
    return Remanence.open(directory.resolve(name));
  }

  private static byte[] export(Remanence store) {
    var out = new ByteArrayOutputStream();
    store.exportTo(out, Remanence.Progress.NONE);
    return out.toByteArray();
  }

  private static ImportReport take(Remanence store, byte[] lines, boolean strict) {
    return store.importFrom(
        new ByteArrayInputStream(lines), new ImportOptions(strict, null), Remanence.Progress.NONE);
  }

  /// A store in which every kind of change has happened.
  private List<UUID> fill(Remanence store) {
    var ids = new ArrayList<UUID>();
    var scope = store.scope("acme/user:1");
    for (int i = 0; i < 40; i++) {
      ids.add(scope.remember(Draft.of("memory " + i).tags("t" + i % 3)).id());
    }
    scope.remember("memory 3");
    scope.remember(
        Draft.of(Json.parse("{\"nested\":[1,2.5,\"é\",null,true]}"))
            .key("data")
            .speaker("Anna")
            .vector(new float[] {0.1f, -3e-12f, 7})
            .metadata((Json.Obj) Json.parse("{\"a\":{\"b\":1}}"))
            .provenance(
                new Provenance(
                    null,
                    null,
                    "https://example.com",
                    Instant.parse("2020-01-01T00:00:00.123Z"),
                    "read",
                    0.3,
                    null,
                    ids.getFirst())));
    scope.remember(Draft.of("Paris").key("home").at(Instant.parse("2020-01-01T00:00:00Z")));
    scope.remember(Draft.of("Berlin").key("home").at(Instant.parse("2022-01-01T00:00:00Z")));
    store.revise(ids.get(1), new Patch().text("changed").message("why").pinned(true));
    store.link(ids.get(2), "about", ids.get(3));
    store.branch(ids.get(4), "draft", null, null);
    store.revise(ids.get(4), new Patch().branch("draft").text("on the branch"));
    store.merge(ids.get(4), "draft", "main", null, "good");
    store.forget(ids.get(5), "asked");
    store.revert(ids.get(5), 1, null);
    store.erase(ids.get(6), "asked");
    store.scope("other").remember("elsewhere");
    return ids;
  }

  @Test
  void exportImportExport_hasTheSameBytes() {
    byte[] exported;
    List<UUID> ids;
    List<Revised> history;
    try (var store = open("one")) {
      ids = fill(store);
      exported = export(store);
      history = store.history(ids.get(4));
    }
    try (var other = open("two")) {
      var report = take(other, exported, true);
      assertThat(report.bad()).isZero();
      assertThat(export(other)).isEqualTo(exported);
      assertThat(other.history(ids.get(4)))
          .usingRecursiveComparison()
          .ignoringFieldsMatchingRegexes(".*strength", ".*uses")
          .isEqualTo(history);
      assertThat(other.verify(true, null).problems()).isEmpty();
      assertThatThrownBy(() -> other.get(ids.get(6))).isInstanceOf(NotFound.class);
      assertThat(take(other, exported, true).revisions()).isZero();
    }
  }

  @Test
  void import_ofLinesInAnyOrder_endsInTheSameState() {
    byte[] exported;
    List<UUID> ids;
    try (var store = open("one")) {
      ids = fill(store);
      exported = export(store);
    }
    var lines = new ArrayList<>(new String(exported, StandardCharsets.UTF_8).lines().toList());
    var head = new ArrayList<>(lines.subList(0, 2));
    var rest = new ArrayList<>(lines.subList(2, lines.size()));
    rest.removeIf(line -> line.contains("\"type\":\"head\""));
    long seed = Long.getLong("remanence.seed", System.nanoTime());
    Collections.shuffle(rest, new Random(seed));
    head.addAll(rest);
    try (var straight = open("straight");
        var shuffled = open("shuffled")) {
      take(straight, exported, true);
      var report = take(shuffled, String.join("\n", head).getBytes(StandardCharsets.UTF_8), false);
      assertThat(report.badLines()).as("-Dremanence.seed=" + seed).isEmpty();
      assertThat(shuffled.verify(true, null).problems()).as("-Dremanence.seed=" + seed).isEmpty();
      for (var id : ids) {
        assertThat(texts(shuffled, id))
            .as("-Dremanence.seed=" + seed)
            .isEqualTo(texts(straight, id));
      }
    }
  }

  private static List<String> texts(Remanence store, UUID id) {
    try {
      var memory = store.get(id);
      return List.of(memory.body(), memory.tags().toString(), memory.links().toString());
    } catch (NotFound e) {
      return List.of();
    }
  }

  @Test
  void import_ofBadLines_leavesThemOutAndSaysWhy() {
    byte[] exported;
    try (var store = open("one")) {
      fill(store);
      exported = export(store);
    }
    var lines = new ArrayList<>(new String(exported, StandardCharsets.UTF_8).lines().toList());
    lines.set(10, lines.get(10).replace("memory", "memorx"));
    lines.set(20, "{not json");
    lines.set(25, "[]");
    var bytes = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
    try (var other = open("two")) {
      var report = take(other, bytes, false);
      assertThat(report.badLines()).extracting(ImportReport.BadLine::line).contains(11L, 21L, 26L);
      var checked = other.verify(true, null);
      assertThat(checked.problems()).isEmpty();
      assertThat(checked.losses()).isNotEmpty();
      assertThat(take(other, exported, false).bad()).isZero();
      assertThat(other.verify(true, null).losses()).isEmpty();
    }
    try (var strict = open("three")) {
      assertThatThrownBy(() -> take(strict, bytes, true))
          .isInstanceOf(InvalidInput.class)
          .hasMessageContaining("line 11");
      assertThat(strict.scopes(null)).isEmpty();
    }
  }

  @Test
  void import_ofPlainMemories_remembersThem() {
    var lines =
        """
        {"text":"plain one","tags":["x"],"at":"2020-01-01T00:00:00Z"}

        {"scope":"a/b","content":{"n":1},"kind":"episodic","key":"k"}
        {"text":"plain one"}
        {"text":"typo","tagz":[]}
        {"nothing":true}
        """;
    try (var store = open("one")) {
      var report = take(store, lines.getBytes(StandardCharsets.UTF_8), false);
      assertThat(report.memories()).isEqualTo(3);
      assertThat(report.badLines()).extracting(ImportReport.BadLine::line).containsExactly(5L, 6L);
      assertThat(store.scope("global").list(Listing.FIRST).memories()).hasSize(1);
      assertThat(store.scope("a/b").get("k").kind()).isEqualTo(Kind.EPISODIC);
    }
  }

  // Backups

  @Test
  void backup_thenRestore_isTheSameUnderANewSite() {
    List<UUID> ids;
    byte[] exported;
    try (var store = open("one")) {
      ids = fill(store);
      store.backup(directory.resolve("backups"), Retention.FOREVER);
      exported = export(store);
    }
    var report = StoreCare.restore(directory.resolve("backups"), directory.resolve("two"), null);
    assertThat(report.erasedAgain()).isZero();
    try (var restored = open("two")) {
      assertThat(
              new String(export(restored), StandardCharsets.UTF_8)
                  .lines()
                  .filter(line -> line.contains("\"revision\""))
                  .toList())
          .isEqualTo(
              new String(exported, StandardCharsets.UTF_8)
                  .lines()
                  .filter(line -> line.contains("\"revision\""))
                  .toList());
      var before = restored.history(ids.get(1)).getFirst().site();
      restored.revise(ids.get(1), new Patch().text("after the restore"));
      assertThat(restored.history(ids.get(1)).getLast().site()).isNotEqualTo(before);
      assertThat(restored.verify(true, null).problems()).isEmpty();
    }
    assertThatThrownBy(
            () -> StoreCare.restore(directory.resolve("backups"), directory.resolve("two"), null))
        .isInstanceOf(InvalidInput.class);
  }

  @Test
  void backupRestoreVerifyAndRepair_tellHowFarTheyAre() {
    try (var store = open("one")) {
      for (int i = 0; i < 600; i++) {
        store.scope("s").remember("memory number " + i);
      }
      assertTold(
          progress -> store.backup(directory.resolve("backups"), Retention.FOREVER, progress));
      assertTold(progress -> store.verify(true, null, progress));
    }
    var one = directory.resolve("one");
    assertTold(progress -> StoreCare.verify(one, true, null, progress));
    assertTold(progress -> StoreCare.repair(one, progress));
    var backups = directory.resolve("backups");
    assertTold(progress -> StoreCare.restore(backups, directory.resolve("two"), null, progress));
    assertTold(progress ->
        StoreCare.restore(backups, directory.resolve("three"), Instant.now(), progress));
  }

  /// Steps that go on, up to a total that is known.
  private static void assertTold(Consumer<Remanence.Progress> work) {
    var told = new ArrayList<Long>();
    work.accept((done, total) -> {
      assertThat(done).isBetween(1L, total);
      told.add(done);
    });
    assertThat(told).isNotEmpty().isSorted();
  }

  @Test
  void restore_until_knowsNothingLater() {
    UUID id;
    Instant between;
    try (var store = open("one")) {
      id = store.scope("s").remember("one").id();
      between = store.get(id).updatedAt();
      awaitAfter(between);
      store.revise(id, new Patch().text("two"));
      store.scope("s").remember("later");
      store.backup(directory.resolve("backups"), Retention.FOREVER);
    }
    StoreCare.restore(directory.resolve("backups"), directory.resolve("two"), between);
    try (var restored = open("two")) {
      assertThat(restored.get(id).text()).isEqualTo("one");
      assertThat(restored.scope("s").list(Listing.FIRST).memories()).hasSize(1);
      assertThat(restored.verify(true, null).problems()).isEmpty();
    }
  }

  private static void awaitAfter(Instant moment) {
    while (!Instant.now().isAfter(moment.plusMillis(1))) {
      Thread.onSpinWait();
    }
  }

  @Test
  void restore_afterAnErasure_erasesAgain() {
    UUID id;
    try (var store = open("one")) {
      id = store.scope("s").remember("to be erased").id();
      store.backup(directory.resolve("backups"), Retention.FOREVER);
      var receipt = store.erase(id, "asked");
      assertThat(receipt.backups()).hasSize(1);
    }
    StoreCare.restore(directory.resolve("backups"), directory.resolve("two"), null);
    try (var restored = open("two")) {
      assertThatThrownBy(() -> restored.get(id)).isInstanceOf(NotFound.class);
      assertThat(restored.scope("s").recall("erased").hits()).isEmpty();
    }
  }

  @Test
  void restore_wordOfAnErasureThatWasCutShort_erasesWhatFollowed() throws IOException {
    UUID id;
    var word = directory.resolve("backups").resolve("erasures.jsonl");
    try (var store = open("one")) {
      id = store.scope("s").remember("to be erased").id();
      store.backup(directory.resolve("backups"), Retention.FOREVER);
      Files.writeString(word, "{\"receipt\":\"01");
      store.erase(id, "asked");
    }
    Files.writeString(word, "{\"receipt\":\"02", java.nio.file.StandardOpenOption.APPEND);
    StoreCare.restore(directory.resolve("backups"), directory.resolve("two"), null);
    try (var restored = open("two")) {
      assertThatThrownBy(() -> restored.get(id)).isInstanceOf(NotFound.class);
    }
  }

  @Test
  void receipt_ofAnErasure_verifiesUntilItIsChanged() throws IOException {
    try (var store = open("one")) {
      var id = store.scope("s").remember("to be erased").id();
      store.revise(id, new Patch().text("to be erased too"));
      store.erase(id, "asked");
    }
    var receipts = directory.resolve("one").resolve("receipts");
    Path file;
    try (var files = Files.list(receipts)) {
      file = files.findFirst().orElseThrow();
    }
    assertThat(StoreCare.verifyReceipt(directory.resolve("one"), file).problems()).isEmpty();
    Files.writeString(file, Files.readString(file).replace("asked", "askee"));
    assertThat(StoreCare.verifyReceipt(directory.resolve("one"), file).problems()).isNotEmpty();
    try (var other = open("two")) {
      other.scope("s").remember("x");
    }
    assertThat(StoreCare.verifyReceipt(directory.resolve("two"), file).problems()).isNotEmpty();
  }

  @Test
  void retention_keepsTheNewest() {
    try (var store = open("one")) {
      store.scope("s").remember("x");
      for (int i = 0; i < 4; i++) {
        var made = store.backup(directory.resolve("backups"), new Retention(null, 2));
        awaitAfter(made.at());
      }
    }
    assertThat(directory.resolve("backups").toFile().list((_, name) -> name.endsWith(".backup")))
        .hasSize(2);
  }

  @Test
  void copyOfADirectory_signsAsAnotherSite() throws IOException {
    UUID id;
    try (var store = open("one")) {
      id = store.scope("s").remember("x").id();
    }
    Files.createDirectory(directory.resolve("two"));
    try (var files = Files.list(directory.resolve("one"))) {
      for (var file : files.toList()) {
        Files.copy(file, directory.resolve("two").resolve(file.getFileName()));
      }
    }
    try (var one = open("one");
        var two = open("two")) {
      one.revise(id, new Patch().text("from one"));
      two.revise(id, new Patch().text("from two"));
      assertThat(one.history(id).getLast().site()).isNotEqualTo(two.history(id).getLast().site());
      assertThat(one.history(id).getFirst().site()).isEqualTo(one.history(id).getLast().site());
    }
  }

  @Test
  void compact_givesSpaceBackAndKeepsEverything() {
    try (var store = open("one")) {
      var drafts = new ArrayList<Draft>();
      for (int i = 0; i < 5000; i++) {
        drafts.add(
            Draft.of("the customer " + i + " asked about the delivery of order " + i * 7919L));
      }
      var ids = store.scope("s").rememberAll(drafts).stream().map(Remembered::id).toList();
      for (var id : ids.subList(0, 1500)) {
        store.forget(id, null);
      }
      var won = store.compact();
      assertThat(won.bytesWon()).isPositive();
      assertThat(won.recompressed()).isPositive();
      assertThat(store.get(ids.getLast()).text()).startsWith("the customer 4999");
      assertThat(store.history(ids.getFirst())).hasSize(2);
      assertThat(store.verify(true, null).problems()).isEmpty();
    }
  }
}
