package dev.remanence.journal;

import dev.remanence.RemanenceException.CorruptStore;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The file `acked`: the last commit that was answered.
///
/// ```
/// offset size
///  0      8   commit number
///  8     32   commit hash
/// 40      4   CRC-32C of the above
/// 44      4   zero
/// ```
///
/// Written in place after each sync of the journal, without a sync of its own. It may be older than
/// the journal after a power cut, never newer: a journal that does not reach it has lost something
/// that was acknowledged. A record whose checksum fails says nothing: a power cut may tear it.
final class Acknowledged implements AutoCloseable {
  static final int BYTES = 48;

  private final RandomAccessFile file;
  private final ByteBuffer record = ByteBuffer.allocate(BYTES);

  private Acknowledged(RandomAccessFile file) {
    this.file = file;
  }

  record Mark(long commit, byte[] hash) {}

  static Acknowledged open(Path directory) throws IOException {
    var path = path(directory);
    if (Files.notExists(path)) {
      Disk.replace(path, new byte[BYTES]);
    }
    return new Acknowledged(new RandomAccessFile(path.toFile(), "rw"));
  }

  static Path path(Path directory) {
    return directory.resolve("acked");
  }

  /// The mark in the file, or null where there is none that can be trusted.
  static @Nullable Mark read(Path directory) throws IOException {
    var path = path(directory);
    if (Files.notExists(path)) {
      return null;
    }
    var bytes = Files.readAllBytes(path);
    if (bytes.length != BYTES) {
      return null;
    }
    var in = ByteBuffer.wrap(bytes);
    long commit = in.getLong();
    var hash = new byte[Hash.BYTES];
    in.get(hash);
    return commit > 0 && in.getInt() == checksum(bytes) ? new Mark(commit, hash) : null;
  }

  /// Refuses a journal that does not reach the mark.
  static void check(
      @Nullable Mark mark, long commits, byte @Nullable [] hashAtMark, Path directory) {
    if (mark == null) {
      return;
    }
    if (mark.commit() > commits) {
      throw new CorruptStore(
          "the journal ends at commit "
              + commits
              + " but commit "
              + mark.commit()
              + " was acknowledged: journal.db-wal is damaged or missing, or an older journal was"
              + " put here; bring it back, or run 'remanence repair' to go on with what is there",
          "store",
          directory.toString(),
          "expected",
          mark.commit(),
          "found",
          commits);
    }
    if (!Arrays.equals(mark.hash(), hashAtMark)) {
      throw new CorruptStore(
          "commit " + mark.commit() + " is not the one that was acknowledged",
          "store",
          directory.toString(),
          "commit",
          mark.commit());
    }
  }

  void write(long commit, byte[] hash) throws IOException {
    record.clear();
    record.putLong(commit).put(hash);
    record.putInt(checksum(record.array())).putInt(0);
    file.seek(0);
    file.write(record.array());
  }

  private static int checksum(byte[] record) {
    return Checksum.of(Arrays.copyOf(record, Long.BYTES + Hash.BYTES));
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
