package dev.remanence.journal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A row as it lies in a page of SQLite's: a header of serial types, then the columns.
/// https://sqlite.org/fileformat2.html#record_format
///
/// Nothing is taken on trust: a form that SQLite cannot have written is no record.
final class RawRecord {
  static final byte TABLE_LEAF = 0x0D;
  static final byte INDEX_LEAF = 0x0A;
  static final byte INDEX_INTERIOR = 0x02;

  private static final int PAYLOAD_BYTES_MAX = 8 << 20;
  private static final int USABLE = Pages.PAGE_BYTES;

  /// The row's number, or 0 in an index.
  private final long rowid;

  private final byte[] payload;
  private final long[] types;
  private final int[] offsets;

  private RawRecord(long rowid, byte[] payload, long[] types, int[] offsets) {
    this.rowid = rowid;
    this.payload = payload;
    this.types = types;
    this.offsets = offsets;
  }

  /// How many cells a page says that it has, at most what fits.
  static int cells(byte[] page, int number) {
    int start = start(number);
    return Math.min(u16(page, start + 3), (Pages.PAGE_BYTES - start - 8) / 2);
  }

  /// Where the page's own header stands: the first page begins with the database's.
  private static int start(int number) {
    return number == 1 ? 100 : 0;
  }

  static byte kind(byte[] page, int number) {
    return page[start(number)];
  }

  /// Reads one cell of a page, or null where there is no record.
  static @Nullable RawRecord read(Pages pages, byte[] page, int number, byte kind, int cell)
      throws IOException {
    int header = start(number) + (kind == INDEX_INTERIOR ? 12 : 8);
    int pointer = header + 2 * cell;
    if (pointer + 2 > Pages.PAGE_BYTES) {
      return null;
    }
    var in = new Cursor(page, u16(page, pointer));
    if (kind == INDEX_INTERIOR) {
      in.at += 4;
    }
    long size = in.varint();
    long rowid = kind == TABLE_LEAF ? in.varint() : 0;
    if (in.failed || size < 2 || size > PAYLOAD_BYTES_MAX) {
      return null;
    }
    var payload = payload(pages, page, in.at, (int) size, kind == TABLE_LEAF);
    return payload == null ? null : parse(rowid, payload);
  }

  private static byte @Nullable [] payload(
      Pages pages, byte[] page, int at, int size, boolean table) throws IOException {
    int most = table ? USABLE - 35 : (USABLE - 12) * 64 / 255 - 23;
    int least = (USABLE - 12) * 32 / 255 - 23;
    int local = size;
    if (size > most) {
      int fitting = least + (size - least) % (USABLE - 4);
      local = fitting <= most ? fitting : least;
    }
    int end = at + local + (local < size ? 4 : 0);
    if (end > page.length) {
      return null;
    }
    var payload = Arrays.copyOf(Arrays.copyOfRange(page, at, at + local), size);
    int filled = local;
    int next = local < size ? i32(page, at + local) : 0;
    var overflow = new byte[Pages.PAGE_BYTES];
    while (filled < size) {
      if (next < 2 || next > pages.count()) {
        return null;
      }
      pages.read(next, overflow);
      int part = Math.min(size - filled, USABLE - 4);
      System.arraycopy(overflow, 4, payload, filled, part);
      filled += part;
      next = i32(overflow, 0);
    }
    return payload;
  }

  private static @Nullable RawRecord parse(long rowid, byte[] payload) {
    var in = new Cursor(payload, 0);
    long headerEnd = in.varint();
    if (in.failed || headerEnd > payload.length || headerEnd > 64) {
      return null;
    }
    var types = new long[16];
    var offsets = new int[16];
    int columns = 0;
    long at = headerEnd;
    while (in.at < headerEnd) {
      if (columns == types.length) {
        return null;
      }
      long type = in.varint();
      long bytes = length(type);
      if (in.failed || bytes < 0 || at + bytes > payload.length) {
        return null;
      }
      types[columns] = type;
      offsets[columns] = (int) at;
      at += bytes;
      columns++;
    }
    return at != payload.length || in.at != headerEnd
        ? null
        : new RawRecord(
            rowid, payload, Arrays.copyOf(types, columns), Arrays.copyOf(offsets, columns));
  }

  /// How many bytes a column of a serial type takes; -1 for a type that there is not.
  private static long length(long type) {
    if (type >= 12) {
      return (type - 12) / 2;
    }
    return type < 0 ? -1 : new int[] {0, 1, 2, 3, 4, 6, 8, 8, 0, 0, -1, -1}[(int) type];
  }

  long rowid() {
    return rowid;
  }

  int columns() {
    return types.length;
  }

  boolean isNull(int column) {
    return types[column] == 0;
  }

  boolean isNumber(int column) {
    return types[column] >= 1 && types[column] <= 9 && types[column] != 7;
  }

  boolean isBytes(int column) {
    return types[column] >= 12 && types[column] % 2 == 0;
  }

  /// Whether a column holds exactly so many bytes.
  boolean isBytes(int column, int length) {
    return types[column] == 12 + 2L * length;
  }

  boolean isText(int column) {
    return types[column] >= 13 && types[column] % 2 == 1;
  }

  long number(int column) {
    int type = (int) types[column];
    if (type == 8 || type == 9) {
      return type - 8L;
    }
    int length = (int) length(type);
    long value = payload[offsets[column]];
    for (int i = 1; i < length; i++) {
      value = value << 8 | (payload[offsets[column] + i] & 0xFF);
    }
    return value;
  }

  /// The bytes of a column, null where it is null.
  byte @Nullable [] bytes(int column) {
    if (isNull(column)) {
      return null;
    }
    int length = (int) length(types[column]);
    return Arrays.copyOfRange(payload, offsets[column], offsets[column] + length);
  }

  byte[] present(int column) {
    return Objects.requireNonNull(bytes(column));
  }

  String text(int column) {
    return new String(present(column), StandardCharsets.UTF_8);
  }

  private static int u16(byte[] bytes, int at) {
    return (bytes[at] & 0xFF) << 8 | (bytes[at + 1] & 0xFF);
  }

  private static int i32(byte[] bytes, int at) {
    return u16(bytes, at) << 16 | u16(bytes, at + 2);
  }

  /// Reads SQLite's varints: seven bits a byte, the ninth byte whole.
  private static final class Cursor {
    private final byte[] bytes;
    private int at;
    private boolean failed;

    Cursor(byte[] bytes, int at) {
      this.bytes = bytes;
      this.at = at;
    }

    long varint() {
      long value = 0;
      for (int i = 0; i < 9; i++) {
        if (at < 0 || at >= bytes.length) {
          failed = true;
          return 0;
        }
        byte b = bytes[at++];
        if (i == 8) {
          return value << 8 | (b & 0xFF);
        }
        value = value << 7 | (b & 0x7F);
        if (b >= 0) {
          return value;
        }
      }
      return value;
    }
  }
}
