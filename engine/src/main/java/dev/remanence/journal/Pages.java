package dev.remanence.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The pages of a journal.db as its last complete commit left them, read without SQLite: each page
/// from the newest valid frame of the WAL that a commit covers, else from the database.
///
/// SQLite stops at the first damaged frame of a WAL. Here each frame is checked against the
/// checksum that the frame before it stores, so those after a damaged one are found too; frames
/// after the last commit are not used. https://sqlite.org/fileformat2.html is the layout.
///
/// Opening and closing the file drops every lock that this process has on it, so no SQLite
/// connection of this process may be open on it.
final class Pages implements AutoCloseable {
  static final int PAGE_BYTES = 4096;

  private static final int WAL_HEADER_BYTES = 32;
  private static final int FRAME_HEADER_BYTES = 24;
  private static final int WAL_MAGIC = 0x377F0682;

  private final FileChannel database;
  private final @Nullable FileChannel wal;
  private final Map<Integer, Long> frames = new HashMap<>();
  private final int count;

  private Pages(FileChannel database, @Nullable FileChannel wal) throws IOException {
    this.database = database;
    this.wal = wal;
    int pages = (int) ((database.size() + PAGE_BYTES - 1) / PAGE_BYTES);
    if (wal != null) {
      indexWal(wal);
      for (int page : frames.keySet()) {
        pages = Math.max(pages, page);
      }
    }
    this.count = pages;
  }

  static Pages open(Path file) throws IOException {
    var walFile = file.resolveSibling(file.getFileName() + "-wal");
    var database = FileChannel.open(file, StandardOpenOption.READ);
    boolean opened = false;
    FileChannel wal = null;
    try {
      wal =
          Files.exists(walFile) && Files.size(walFile) > WAL_HEADER_BYTES
              ? FileChannel.open(walFile, StandardOpenOption.READ)
              : null;
      var pages = new Pages(database, wal);
      opened = true;
      return pages;
    } finally {
      if (!opened) {
        try (database;
            var open = wal) {
          assert open == null || open.isOpen();
        }
      }
    }
  }

  private void indexWal(FileChannel file) throws IOException {
    var header = ByteBuffer.allocate(WAL_HEADER_BYTES);
    readFully(file, header, 0);
    boolean bigEndian = (header.getInt(0) & 1) == 1 && (header.getInt(0) & ~1) == WAL_MAGIC;
    var order = bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    long seed = checksum(order, 0, header.array(), 0, FRAME_HEADER_BYTES);
    boolean headerHolds = seed == stored(header, FRAME_HEADER_BYTES);
    var frame = ByteBuffer.allocate(FRAME_HEADER_BYTES + PAGE_BYTES);
    long salts = headerHolds ? header.getLong(16) : 0;
    Map<Integer, Long> uncommitted = new HashMap<>();
    long before = stored(header, FRAME_HEADER_BYTES);
    for (long at = WAL_HEADER_BYTES; at + frame.capacity() <= file.size(); at += frame.capacity()) {
      readFully(file, frame, at);
      if (salts == 0) {
        salts = frame.getLong(8);
      }
      long sum = checksum(order, before, frame.array(), 0, 8);
      sum = checksum(order, sum, frame.array(), FRAME_HEADER_BYTES, PAGE_BYTES);
      before = stored(frame, 16);
      if (frame.getLong(8) == salts && sum == before) {
        uncommitted.put(frame.getInt(0), at + FRAME_HEADER_BYTES);
        if (frame.getInt(4) != 0) {
          frames.putAll(uncommitted);
          uncommitted.clear();
        }
      }
    }
  }

  private static long stored(ByteBuffer bytes, int offset) {
    return bytes.getLong(offset);
  }

  /// SQLite's checksum: two sums over pairs of words, in the order that the WAL's magic tells; the
  /// stored form is the first sum, then the second.
  private static long checksum(ByteOrder order, long seed, byte[] bytes, int offset, int length) {
    var in = ByteBuffer.wrap(bytes, offset, length).order(order);
    int first = (int) (seed >>> 32);
    int second = (int) seed;
    while (in.hasRemaining()) {
      first += in.getInt() + second;
      second += in.getInt() + first;
    }
    return ((long) first << 32) | (second & 0xFFFF_FFFFL);
  }

  private static void readFully(FileChannel file, ByteBuffer into, long position)
      throws IOException {
    into.clear();
    long at = position;
    while (into.hasRemaining()) {
      int read = file.read(into, at);
      if (read < 0) {
        break;
      }
      at += read;
    }
    while (into.hasRemaining()) {
      into.put((byte) 0);
    }
    into.clear();
  }

  /// The number of the last page; the first is 1.
  int count() {
    return count;
  }

  /// Reads a page, of which what lies beyond the end of the file is zeros.
  void read(int page, byte[] into) throws IOException {
    var frame = frames.get(page);
    var walFile = wal;
    if (frame != null && walFile != null) {
      readFully(walFile, ByteBuffer.wrap(into), frame);
    } else {
      readFully(database, ByteBuffer.wrap(into), (long) (page - 1) * PAGE_BYTES);
    }
  }

  @Override
  public void close() throws IOException {
    try (database;
        var open = wal) {
      assert open == null || open.isOpen();
    }
  }
}
