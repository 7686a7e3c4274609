package dev.remanence.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.remanence.ChildJvm;
import dev.remanence.Draft;
import dev.remanence.Remanence;
import dev.remanence.RemanenceException.NotFound;
import dev.remanence.StoreCare;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A store moves from the file system of temporary files to one in memory, where the machine has
/// one. `FaultTest` shows the same on a disk that is full or fails.
class RelocationTest {
  private static final Path IN_MEMORY = Path.of("/dev/shm");

  @TempDir Path temp;

  private Path elsewhere;
  private Path store;
  private Path target;
  private final List<UUID> ids = new ArrayList<>();

  @BeforeEach
  void fill() throws IOException {
    assumeTrue(
        Files.isWritable(IN_MEMORY)
            && !Files.getFileStore(IN_MEMORY).equals(Files.getFileStore(temp)),
        "there is no second file system");
    elsewhere = Files.createTempDirectory(IN_MEMORY, "remanence-test-");
    store = temp.resolve("store");
    target = elsewhere.resolve("deep/er/to");
    try (var open = Remanence.open(store)) {
      for (int i = 0; i < 40; i++) {
        ids.add(open.remember("s", Draft.of("memory number " + i)).id());
      }
      open.erase(ids.removeLast(), "asked");
    }
  }

  @AfterEach
  void clear() throws IOException {
    if (elsewhere != null) {
      Disk.deleteTree(elsewhere);
    }
  }

  /// The process that is killed.
  static final class Mover {
    private Mover() {}

    public static void main(String[] arguments) {
      StoreCare.move(Path.of(arguments[0]), Path.of(arguments[1]));
    }
  }

  private void assertWhole(Path at) {
    assertThat(StoreCare.verify(at, true, null).problems()).isEmpty();
    try (var open = Remanence.open(at)) {
      for (var id : ids) {
        assertThat(open.get(id).text()).startsWith("memory number");
      }
    }
  }

  @Test
  void move_toAnotherFileSystem_keepsTheSiteAndLeavesNothing() throws IOException {
    var key = Files.readString(store.resolve("site.key"));
    StoreCare.move(store, target);
    assertThat(store).doesNotExist();
    assertWhole(target);
    assertThat(Files.readString(target.resolve("site.key"))).isEqualTo(key);
    assertThat(target.resolve("receipts")).isNotEmptyDirectory();
    assertThat(target.resolveSibling("to.moving")).doesNotExist();
    StoreCare.move(target, store);
    assertWhole(store);
    assertThat(Files.readString(store.resolve("site.key"))).isEqualTo(key);
  }

  @Test
  void move_ofADamagedStore_isRefusedAndLeavesItThere() throws IOException {
    var journal = store.resolve("journal.db");
    var bytes = Files.readAllBytes(journal);
    for (int at = bytes.length / 2; at < bytes.length / 2 + 8192; at++) {
      bytes[at] ^= 0x55;
    }
    Files.write(journal, bytes);
    assertThatThrownBy(() -> StoreCare.move(store, target))
        .isInstanceOf(dev.remanence.RemanenceException.CorruptStore.class);
    assertThat(Files.readAllBytes(journal)).isEqualTo(bytes);
    assertThat(target).doesNotExist();
    assertThat(target.resolveSibling("to.moving")).doesNotExist();
  }

  @Test
  void move_killedInTheMiddle_losesNothingAndGoesOn() throws Exception {
    var moving = target.resolveSibling("to.moving");
    int inTheMiddle = 0;
    // Killed when this file of the copy is there; the last one is the old store's, which goes last.
    for (var seen : List.of(moving, moving.resolve("journal.db"), target)) {
      if (Files.notExists(store)) {
        StoreCare.move(target, store);
      }
      var process = ChildJvm.start(List.of(), Mover.class, store.toString(), target.toString());
      while (process.isAlive() && Files.notExists(seen)) {
        Thread.onSpinWait();
      }
      process.destroyForcibly().waitFor();
      boolean both = Files.exists(store) && Files.exists(target);
      if (Files.exists(store.resolve("journal.db")) && Files.notExists(target)) {
        inTheMiddle++;
        assertWhole(store);
      } else {
        assertWhole(target);
      }
      if (both) {
        Disk.deleteTree(store);
      }
    }
    assertThat(inTheMiddle).isPositive();
    if (Files.exists(store)) {
      StoreCare.move(store, target);
    }
    assertWhole(target);
    assertThat(moving).doesNotExist();
    assertThatThrownBy(() -> StoreCare.move(store, target)).isInstanceOf(NotFound.class);
  }
}
