package dev.remanence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.github.luben.zstd.Zstd;
import dev.remanence.RemanenceException.CorruptStore;
import dev.remanence.RemanenceException.FormatTooNew;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A restore from a backup that is damaged, or of a newer version, is refused by name, and leaves
/// nothing: no store, nothing beside it, the backup as it was.
///
/// A failure prints its seed: `-Dremanence.seed=…` replays it.
class DamagedBackupTest {
  private static final int HEADER_BYTES = 512;
  private static final int USER_VERSION_OFFSET = 60;
  private static final int APPLICATION_ID_OFFSET = 68;

  @TempDir Path directory;

  private Path backup;
  private byte[] whole;

  @BeforeEach
  void make() throws IOException {
    try (var store = Remanence.open(directory.resolve("store"))) {
      for (int i = 0; i < 50; i++) {
        store.remember("s", Draft.of("memory number " + i));
      }
      backup = store.backup(directory.resolve("backups"), Retention.FOREVER).file();
    }
    whole = Files.readAllBytes(backup);
  }

  /// A backup whose first line says another format.
  static byte[] ofFormat(int format, byte[] whole) {
    var header = new String(whole, 0, HEADER_BYTES, StandardCharsets.US_ASCII);
    var changed = header.replace("\"remanenceBackup\":1,", "\"remanenceBackup\":" + format + ",");
    assertThat(changed).isNotEqualTo(header);
    return ByteBuffer.wrap(whole.clone())
        .put(changed.getBytes(StandardCharsets.US_ASCII), 0, HEADER_BYTES)
        .array();
  }

  private void assertRefused(String what, byte[] bytes, Class<? extends RemanenceException> as)
      throws IOException {
    Files.write(backup, bytes);
    var target = directory.resolve("restored");
    var failure = catchThrowable(() -> StoreCare.restore(backup, target, null));
    assertThat(failure).as(what).isInstanceOf(as);
    try (var files = Files.list(directory)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .as(what)
          .containsExactlyInAnyOrder("store", "backups");
    }
    try (var files = Files.list(directory.resolve("backups"))) {
      assertThat(files).as(what).containsExactly(backup);
    }
    assertThat(Files.readAllBytes(backup)).as(what).isEqualTo(bytes);
  }

  @Test
  void restore_asItWasMade_works() {
    StoreCare.restore(backup, directory.resolve("restored"), null);
    assertThat(StoreCare.verify(directory.resolve("restored"), true, null).problems()).isEmpty();
  }

  @Test
  void restore_ofFlippedBits_isRefused() throws IOException {
    long seed = Long.getLong("remanence.seed", System.nanoTime());
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 60; i++) {
      int at = random.nextInt(HEADER_BYTES, whole.length);
      var bytes = whole.clone();
      bytes[at] ^= (byte) (1 << random.nextInt(8));
      assertRefused("-Dremanence.seed=" + seed + ", byte " + at, bytes, CorruptStore.class);
    }
  }

  @Test
  void restore_ofACutFile_isRefused() throws IOException {
    for (int size : new int[] {0, 1, HEADER_BYTES - 1, HEADER_BYTES, whole.length - 1}) {
      assertRefused(size + " bytes of it", Arrays.copyOf(whole, size), CorruptStore.class);
    }
  }

  @Test
  void restore_ofAFileWithMoreAtItsEnd_isRefused() throws IOException {
    assertRefused("a byte more", Arrays.copyOf(whole, whole.length + 1), CorruptStore.class);
  }

  @Test
  void restore_ofSomethingElse_isRefused() throws IOException {
    var bytes = whole.clone();
    bytes[0] = 'x';
    assertRefused("another first byte", bytes, CorruptStore.class);
    assertRefused("zeros", new byte[whole.length], CorruptStore.class);
  }

  @Test
  void restore_ofANewerBackup_isRefusedByName() throws IOException {
    assertRefused("the backup's format", ofFormat(2, whole), FormatTooNew.class);
  }

  @Test
  void restore_ofABackupOfANewerStore_isRefusedByName() throws IOException {
    assertRefused("the store's format", withNumberAt(USER_VERSION_OFFSET, 99), FormatTooNew.class);
  }

  @Test
  void restore_ofABackupOfAnotherProgramsFile_isRefused() throws IOException {
    assertRefused(
        "another program's file",
        withNumberAt(APPLICATION_ID_OFFSET, 7),
        RemanenceException.InvalidInput.class);
  }

  /// A whole backup of a journal.db with another number in its header.
  private byte[] withNumberAt(int offset, int number) {
    var packed = Arrays.copyOfRange(whole, HEADER_BYTES, whole.length);
    var journal = Zstd.decompress(packed, 1 << 24);
    ByteBuffer.wrap(journal).putInt(offset, number);
    var changed = Zstd.compress(journal);
    var header = (Json.Obj) Json.parse(new String(whole, 0, HEADER_BYTES, StandardCharsets.UTF_8));
    var line = header.toString().replace(String.valueOf(header.string("sha256")), sha256(changed));
    return ByteBuffer.allocate(HEADER_BYTES + changed.length)
        .put(
            (line + " ".repeat(HEADER_BYTES - 1 - line.length()) + "\n")
                .getBytes(StandardCharsets.US_ASCII))
        .put(changed)
        .array();
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
