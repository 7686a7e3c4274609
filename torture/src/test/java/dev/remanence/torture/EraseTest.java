package dev.remanence.torture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remanence.Draft;
import dev.remanence.Filter;
import dev.remanence.ImportOptions;
import dev.remanence.Json;
import dev.remanence.Query;
import dev.remanence.Receipt;
import dev.remanence.Remanence;
import dev.remanence.RemanenceException;
import dev.remanence.Retention;
import dev.remanence.StoreCare;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is erased is gone:
///
/// - its text, in UTF-8 and UTF-16, its salts and its packed bytes are in no file of the store;
/// - no dictionary holds eight consecutive bytes of it that nothing else explains;
/// - no read gives it, nor a restore of an older backup, nor an import of an older export;
/// - readers and streams that run meanwhile do not keep it;
/// - the receipt's signature verifies and covers every field.
///
/// The planted bug: each search finds what it looks for before the erasure.
@NullMarked
class EraseTest {
  private static final String SECRET = "Xylophon-Quartz-4711";

  /// Memories in each of two scopes, so that both are worth a dictionary.
  private static final int COMMON = 2300;

  @TempDir Path temp;

  @Test
  void erase_memory_leavesNoTraceInAnyFile() throws Exception {
    var directory = temp.resolve("store");
    try (var store = Remanence.open(directory)) {
      var id = store.remember("scope", Draft.of(SECRET + " is the word")).id();
      store.remember("scope", Draft.of("something else"));
      var traces = Traces.of(directory, List.of(id)).and(Traces.of(SECRET));
      assertThat(traces.foundBelow(directory)).isNotEmpty();
      store.erase(id, "asked for");
      assertThat(traces.foundIn(directory)).isEmpty();
      assertThatThrownBy(() -> store.get(id)).isInstanceOf(RemanenceException.NotFound.class);
      assertThat(store.recall("scope", Query.of(SECRET)).hits()).isEmpty();
      assertThat(store.history(id)).allMatch(revised -> revised.memory() == null);
      assertThat(store.verify(true, null).problems()).isEmpty();
    }
    assertThat(Traces.of(SECRET).foundBelow(directory)).isEmpty();
  }

  @Test
  void eraseScope_name_isGoneAlsoAfterARestore() throws Exception {
    var directory = temp.resolve("store");
    var name = "people/" + SECRET;
    try (var store = Remanence.open(directory)) {
      store.remember(name, Draft.of("a memory of a scope that has a telling name"));
      store.remember("other", Draft.of("stays"));
      store.backup(temp.resolve("backups"), Retention.FOREVER);
      store.eraseScope(name, true, null);
      assertThat(Traces.of(SECRET).foundBelow(directory)).isEmpty();
    }
    StoreCare.restore(temp.resolve("backups"), temp.resolve("restored"), null);
    try (var restored = Remanence.open(temp.resolve("restored"))) {
      assertThat(restored.scopes(null)).noneMatch(scope -> scope.scope().contains(SECRET));
    }
    assertThat(Traces.of(SECRET).foundBelow(temp.resolve("restored"))).isEmpty();
  }

  @Test
  void erase_thenRestoreAndImport_doNotBringItBack() throws Exception {
    var directory = temp.resolve("store");
    var out = new ByteArrayOutputStream();
    UUID id;
    try (var store = Remanence.open(directory)) {
      id = store.remember("scope", Draft.of(SECRET + " in a backup")).id();
      store.remember("scope", Draft.of("stays"));
      store.backup(temp.resolve("backups"), Retention.FOREVER);
      store.exportTo(out, Remanence.Progress.NONE);
      var receipt = store.erase(id, null);
      assertThat(receipt.backups()).hasSize(1);
      var report =
          store.importFrom(
              new ByteArrayInputStream(out.toByteArray()),
              ImportOptions.DEFAULT,
              Remanence.Progress.NONE);
      assertThat(report.revisions()).isZero();
      assertThat(Traces.of(SECRET).foundBelow(directory)).isEmpty();
    }
    var restored = temp.resolve("restored");
    assertThat(StoreCare.restore(temp.resolve("backups"), restored, null).erasedAgain()).isOne();
    assertThat(Traces.of(SECRET).foundBelow(restored)).isEmpty();
    try (var store = Remanence.open(restored)) {
      assertThatThrownBy(() -> store.get(id)).isInstanceOf(RemanenceException.NotFound.class);
      store.importFrom(
          new ByteArrayInputStream(out.toByteArray()),
          ImportOptions.DEFAULT,
          Remanence.Progress.NONE);
      assertThat(Traces.of(SECRET).foundBelow(restored)).isEmpty();
      assertThat(store.verify(true, null).problems()).isEmpty();
    }
  }

  @Test
  void eraseScope_wordsInATrainedDictionary_areTrainedOutOfIt() throws Exception {
    var directory = temp.resolve("store");
    var random = new SplittableRandom(7);
    try (var store = Remanence.open(directory)) {
      for (int chunk = 0; chunk < 10; chunk++) {
        var common = new ArrayList<Draft>();
        var secret = new ArrayList<Draft>();
        for (int i = 0; i < COMMON / 10; i++) {
          common.add(Draft.of("plain words " + random.nextInt(50) + " in " + chunk + "." + i));
          secret.add(Draft.of("project " + SECRET + " met, minutes " + chunk + "." + i));
        }
        store.rememberAll("common", common);
        store.rememberAll("secret", secret);
      }
      store.compact();
      assertThat(dictionariesWith(directory, SECRET)).describedAs("it is trained in").isPositive();
      store.eraseScope("secret", false, null);
      assertThat(dictionariesWith(directory, SECRET)).isZero();
      assertThat(Traces.of(SECRET).foundBelow(directory)).isEmpty();
      assertThat(store.verify(true, null).problems()).isEmpty();
      try (var stream = store.stream("common", Filter.ALL, false)) {
        assertThat(stream.count()).isEqualTo(COMMON);
      }
    }
  }

  @Test
  void erase_wordsInASnapshot_areInNoFile() throws Exception {
    var directory = temp.resolve("store");
    var images = directory.resolve("images");
    UUID id;
    try (var store = Remanence.open(directory)) {
      var drafts = new ArrayList<Draft>();
      for (int i = 0; i < 1200; i++) {
        drafts.add(Draft.of("memory number " + i));
      }
      store.rememberAll("scope", drafts);
      id =
          store
              .remember("scope", Draft.of("Xylophonquartz is the word").tags("tag-" + SECRET))
              .id();
      assertThat(store.recall("scope", Query.of("Xylophonquartz")).hits()).isNotEmpty();
    }
    var traces = Traces.of(SECRET, "xylophonquartz");
    assertThat(traces.foundBelow(images)).describedAs("a snapshot holds it").isNotEmpty();
    try (var store = Remanence.open(directory)) {
      assertThat(store.recall("scope", Query.of("Xylophonquartz")).hits()).isNotEmpty();
      store.erase(id, null);
      assertThat(traces.foundBelow(directory)).isEmpty();
      store.recall("scope", Query.of("memory number"));
    }
    assertThat(images).isNotEmptyDirectory();
    assertThat(traces.foundBelow(directory)).isEmpty();
  }

  @Test
  void erase_whileOthersRecall_leavesNoTraceInTheNextSnapshot() throws Exception {
    var directory = temp.resolve("store");
    try (var store = Remanence.open(directory)) {
      var drafts = new ArrayList<Draft>();
      for (int i = 0; i < 1200; i++) {
        drafts.add(Draft.of("memory number " + i));
      }
      store.rememberAll("scope", drafts);
      var ids = new ArrayList<UUID>();
      for (int i = 0; i < 20; i++) {
        ids.add(store.remember("scope", Draft.of("Xylophonquartz number " + i)).id());
      }
      var end = new AtomicBoolean();
      var reader =
          Thread.ofPlatform()
              .start(() -> {
                while (!end.get()) {
                  store.recall("scope", Query.of("number"));
                }
              });
      for (var id : ids) {
        store.erase(id, null);
      }
      end.set(true);
      reader.join();
      store.recall("scope", Query.of("number"));
    }
    assertThat(directory.resolve("images")).isNotEmptyDirectory();
    assertThat(Traces.of("xylophonquartz").foundBelow(directory)).isEmpty();
  }

  /// How many dictionaries hold eight consecutive bytes of a text.
  private static int dictionariesWith(Path directory, String text) throws Exception {
    var runs = new HashSet<String>();
    for (int at = 0; at + 8 <= text.length(); at++) {
      runs.add(text.substring(at, at + 8));
    }
    int found = 0;
    try (var connection =
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("journal.db"));
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT bytes FROM dict")) {
      while (rows.next()) {
        var bytes = new String(rows.getBytes(1), StandardCharsets.ISO_8859_1);
        found += runs.stream().anyMatch(bytes::contains) ? 1 : 0;
      }
    }
    return found;
  }

  @Test
  void erase_whileOthersRead_noneOfThemKeepsIt() throws Exception {
    var directory = temp.resolve("store");
    try (var store = Remanence.open(directory)) {
      var drafts = new ArrayList<Draft>();
      for (int i = 0; i < 600; i++) {
        drafts.add(Draft.of("memory number " + i));
      }
      store.rememberAll("scope", drafts);
      var ids = new ArrayList<UUID>();
      for (int i = 0; i < 12; i++) {
        ids.add(store.remember("scope", Draft.of(SECRET + " number " + i)).id());
      }
      var end = new AtomicBoolean();
      var erased = ConcurrentHashMap.<UUID>newKeySet();
      var wrong = new AtomicReference<@Nullable Object>();
      var started = new CountDownLatch(4);
      var readers = new ArrayList<Thread>();
      for (int i = 0; i < 4; i++) {
        int kind = i;
        readers.add(
            Thread.ofPlatform().start(() -> read(store, kind, ids, erased, end, wrong, started)));
      }
      started.await();
      for (var id : ids) {
        store.erase(id, null);
        erased.add(id);
      }
      assertThat(Traces.of(SECRET).foundBelow(directory)).isEmpty();
      end.set(true);
      for (var reader : readers) {
        reader.join();
      }
      assertThat(wrong.get()).isNull();
    }
  }

  private static void read(
      Remanence store,
      int kind,
      List<UUID> ids,
      Set<UUID> erased,
      AtomicBoolean end,
      AtomicReference<@Nullable Object> wrong,
      CountDownLatch started) {
    while (!end.get()) {
      started.countDown();
      var gone = List.copyOf(erased);
      try {
        if (kind % 2 == 0) {
          ids.forEach(id -> get(store, id, gone, wrong));
        } else {
          try (var stream = store.stream("scope", Filter.ALL, false)) {
            stream
                .filter(memory -> gone.contains(memory.id()))
                .forEach(memory -> wrong.set("streamed " + memory.id()));
          }
        }
      } catch (RemanenceException.Timeout e) {
        // A read may be ended by an erasure.
      } catch (RuntimeException e) {
        wrong.set(e);
      }
    }
  }

  private static void get(
      Remanence store, UUID id, List<UUID> gone, AtomicReference<@Nullable Object> wrong) {
    try {
      store.get(id);
      if (gone.contains(id)) {
        wrong.set("got " + id);
      }
    } catch (RemanenceException.NotFound e) {
      // Erased meanwhile, or before.
    }
  }

  @Test
  void receipt_signature_coversEveryField() throws Exception {
    var directory = temp.resolve("store");
    Receipt receipt;
    try (var store = Remanence.open(directory)) {
      receipt = store.erase(store.remember("scope", Draft.of(SECRET)).id(), "asked for");
    }
    var file = directory.resolve("receipts").resolve(receipt.id() + ".json");
    assertThat(Json.parse(Files.readString(file))).isEqualTo(receipt.document());
    assertThat(verifies(receipt.document())).isTrue();
    for (var name : receipt.document().fields().keySet()) {
      if (!name.equals("signature") && !name.equals("publicKey")) {
        var changed = Json.object();
        receipt
            .document()
            .fields()
            .forEach((field, value) ->
                changed.put(field, field.equals(name) ? Json.of("changed") : value));
        assertThat(verifies(changed.build())).describedAs(name).isFalse();
      }
    }
  }

  private static boolean verifies(Json.Obj receipt) throws Exception {
    var unsigned = Json.object();
    receipt
        .fields()
        .forEach((name, value) -> {
          if (!name.equals("signature") && !name.equals("publicKey")) {
            unsigned.put(name, value);
          }
        });
    var key = Base64.getDecoder().decode(Objects.requireNonNull(receipt.string("publicKey")));
    var signature = Signature.getInstance("Ed25519");
    signature.initVerify(
        KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(key)));
    signature.update(unsigned.build().canonical().getBytes(UTF_8));
    return signature.verify(
        Base64.getDecoder().decode(Objects.requireNonNull(receipt.string("signature"))));
  }
}
