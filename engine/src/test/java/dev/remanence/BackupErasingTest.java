package dev.remanence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remanence.BackupErasure.Outcome;
import dev.remanence.Remanence.Progress;
import dev.remanence.RemanenceException.CorruptStore;
import dev.remanence.RemanenceException.FormatTooNew;
import dev.remanence.RemanenceException.NotFound;
import dev.remanence.journal.Backup;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What was erased leaves the backups too. `EraseTest` looks for its packed bytes, and
/// `BackupEraseKillTest` kills the process.
class BackupErasingTest {
  private static final String SECRET = "Xylophonquartz";

  @TempDir Path directory;

  private Path backups;
  private Remanence store;

  @BeforeEach
  void open() {
    backups = directory.resolve("backups");
    store = Remanence.open(directory.resolve("store"));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private UUID remember(String text) {
    return store.remember("people/anna", Draft.of(text)).id();
  }

  private Path backup() {
    return store.backup(backups, Retention.FOREVER).file();
  }

  private BackupErasure eraseFromBackups() {
    return store.eraseFromBackups(Progress.NONE);
  }

  private static List<Outcome> outcomes(BackupErasure erasure) {
    return erasure.backups().stream().map(BackupErasure.Backup::outcome).toList();
  }

  /// Whether a text is in the bytes of a backup as they are or unpacked.
  private boolean holds(Path backup, String text) throws IOException {
    var unpacked = directory.resolve("unpacked.db");
    Files.deleteIfExists(unpacked);
    Backup.unpack(backup, unpacked, Progress.NONE);
    return holdsBytes(backup, text) || holdsBytes(unpacked, text);
  }

  private static boolean holdsBytes(Path file, String text) throws IOException {
    var bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    for (Charset charset :
        List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
      if (bytes.contains(new String(text.getBytes(charset), StandardCharsets.ISO_8859_1))) {
        return true;
      }
    }
    return false;
  }

  private Receipt receipt(UUID id) throws IOException {
    var file = directory.resolve("store/receipts/" + id + ".json");
    assertThat(StoreCare.verifyReceipt(directory.resolve("store"), file).problems()).isEmpty();
    return Erasing.read((Json.Obj) Json.parse(Files.readAllBytes(file)));
  }

  @Test
  void eraseFromBackups_ofOnesThatHoldIt_leavesItInNoByte() throws IOException {
    var id = remember(SECRET + " is the word");
    var kept = remember("something else");
    var first = backup();
    store.revise(id, new Patch().text(SECRET + " it was"));
    var second = backup();
    var receipt = store.erase(id, "asked");
    assertThat(receipt.backups()).hasSize(2).allMatch(held -> held.rewritten() == null);
    var third = backup();
    assertThat(holds(first, SECRET)).isTrue();

    var erasure = eraseFromBackups();

    assertThat(erasure.backups())
        .extracting(BackupErasure.Backup::file)
        .containsExactly(first, second, third);
    assertThat(outcomes(erasure))
        .containsExactly(Outcome.REWRITTEN, Outcome.REWRITTEN, Outcome.CLEAN);
    assertThat(erasure.receipts()).containsExactly(receipt.id());
    assertThat(receipt(receipt.id()).backups())
        .hasSize(2)
        .allMatch(held -> held.rewritten() != null);
    for (var backup : List.of(first, second)) {
      assertThat(holds(backup, SECRET)).isFalse();
      assertThat(StoreCare.verify(backup, true, null).problems()).isEmpty();
    }
    try (var files = Files.list(backups)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.contains("partial"));
    }
    store.close();
    StoreCare.restore(second, directory.resolve("restored"), null);
    try (var restored = Remanence.open(directory.resolve("restored"))) {
      assertThatThrownBy(() -> restored.get(id)).isInstanceOf(NotFound.class);
      assertThat(restored.get(kept).text()).isEqualTo("something else");
      assertThat(restored.verify(true, null).problems()).isEmpty();
    }
  }

  @Test
  void eraseFromBackups_again_findsThemClean() {
    var id = remember(SECRET);
    backup();
    store.erase(id, null);
    assertThat(outcomes(eraseFromBackups())).containsExactly(Outcome.REWRITTEN);
    var again = eraseFromBackups();
    assertThat(outcomes(again)).containsExactly(Outcome.CLEAN);
    assertThat(again.receipts()).isEmpty();
  }

  @Test
  void eraseFromBackups_ofAScope_takesItsNameToo() throws IOException {
    store.remember("people/" + SECRET, Draft.of("a memory of a scope with a telling name"));
    var backup = backup();
    assertThat(holds(backup, SECRET)).isTrue();
    store.eraseScope("people/" + SECRET, true, null);
    assertThat(outcomes(eraseFromBackups())).containsExactly(Outcome.REWRITTEN);
    assertThat(holds(backup, SECRET)).isFalse();
  }

  @Test
  void eraseFromBackups_missingDamagedOrNewerOnes_areToldAndTheOthersRewritten()
      throws IOException {
    var id = remember(SECRET);
    var files = new ArrayList<Path>();
    for (int i = 0; i < 4; i++) {
      files.add(backup());
    }
    Files.delete(files.get(0));
    var damaged = Files.readAllBytes(files.get(1));
    damaged[damaged.length / 2] ^= 1;
    Files.write(files.get(1), damaged);
    var newer = DamagedBackupTest.ofFormat(2, Files.readAllBytes(files.get(2)));
    Files.write(files.get(2), newer);
    var receipt = store.erase(id, null);

    var erasure = eraseFromBackups();

    assertThat(erasure.backups()).extracting(BackupErasure.Backup::file).isEqualTo(files);
    assertThat(outcomes(erasure))
        .containsExactly(Outcome.FAILED, Outcome.FAILED, Outcome.FAILED, Outcome.REWRITTEN);
    assertThat(erasure.backups().get(0).failure()).isInstanceOf(NotFound.class);
    assertThat(erasure.backups().get(1).failure()).isInstanceOf(CorruptStore.class);
    assertThat(erasure.backups().get(2).failure()).isInstanceOf(FormatTooNew.class);
    assertThat(files.get(0)).doesNotExist();
    assertThat(Files.readAllBytes(files.get(1))).isEqualTo(damaged);
    assertThat(Files.readAllBytes(files.get(2))).isEqualTo(newer);
    assertThat(holds(files.get(3), SECRET)).isFalse();
    assertThat(receipt(receipt.id()).backups().stream().map(held -> held.rewritten() != null))
        .containsExactly(false, false, false, true);
  }

  @Test
  void erase_inARestoredStore_namesTheBackupThatItCameFrom() throws IOException {
    var id = remember(SECRET);
    var backup = backup();
    store.close();
    StoreCare.restore(backup, directory.resolve("restored"), null);
    try (var restored = Remanence.open(directory.resolve("restored"))) {
      assertThat(restored.erase(id, null).backups())
          .extracting(Receipt.HeldBy::file)
          .containsExactly(backup.toString());
      restored.eraseFromBackups(Progress.NONE);
    }
    assertThat(holds(backup, SECRET)).isFalse();
  }

  @Test
  void backup_duringWhichSomethingIsErased_isMadeAnew() throws Exception {
    var id = remember(SECRET);
    var receipts = new ArrayList<Receipt>();
    // A backup tells its progress while it packs its copy of the journal.
    var made =
        store.backup(
            backups,
            Retention.FOREVER,
            (done, total) -> {
              if (receipts.isEmpty()) {
                receipts.add(store.erase(id, null));
              }
            });
    assertThat(receipts).singleElement().matches(receipt -> receipt.backups().isEmpty());
    assertThat(holds(made.file(), SECRET)).isFalse();
  }
}
