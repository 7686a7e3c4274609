package dev.remanence.image;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// The inverted lists of one field of a scope: for each term the documents that hold it and how
/// often, in ascending order of documents. Lists only grow.
///
/// ```
/// table   int[]     open addressing: term number or EMPTY, by the hash of the term's bytes
/// terms   int[]     6 numbers a term: where its bytes are, its first slice, documents in the
///                   list, the last of them, where the next byte goes, where its slice is full
/// blocks  byte[][]  64 KiB each (the first one grows to that); hold
///           the term's bytes: length (2 bytes), UTF-8
///           slices: bytes of postings, then 4 bytes: the address of the next slice,
///                   or, in the last slice of a list, the slice's size
/// posting           varint of (distance to the document before) * 2 + (1 if it holds the term once),
///                   then, if it holds it more often, varint of how often
/// ```
///
/// Slices of a list get larger by half each, from 8 bytes to 4 KiB; so a term in a single document,
/// as most are, takes 8. A posting may begin in one slice and end in the next.
///
/// Written by one thread at a time. A reader holds [Lists], taken by the writer and published to it
/// by a volatile write. The number of documents in a list is released after the bytes that belong
/// to it; so a reader may meet postings that were added after its moment, whole ones, and stops at
/// the first document that it does not know. If an array must be replaced, so is `terms`, and the
/// old one never changes again: who holds the old blocks finds no number that speaks of new ones.
final class Postings {
  private static final int EMPTY = -1;
  private static final byte[] NO_BYTES = {};
  private static final int BLOCK_BITS = 16;
  private static final int BLOCK_BYTES = 1 << BLOCK_BITS;
  private static final int FIRST_BLOCK_BYTES = 256;
  private static final int FIRST_SLICE_BYTES = 8;
  private static final int SLICE_BYTES_MAX = 4096;
  private static final int LINK_BYTES = 4;

  // The numbers of a term.
  private static final int BYTES_AT = 0;
  private static final int FIRST_SLICE = 1;
  private static final int DOCUMENTS = 2;
  private static final int LAST = 3;
  private static final int TAIL = 4;
  private static final int FULL = 5;
  private static final int STRIDE = 6;

  private static final VarHandle INT = MethodHandles.arrayElementVarHandle(int[].class);
  private static final VarHandle LONG = MethodHandles.arrayElementVarHandle(long[].class);

  /// Keeps an author of texts from choosing terms that meet in the table.
  private static final long SECRET = new SplittableRandom().nextLong();

  private int[] table = emptyTable(16);
  private int[] terms = new int[8 * STRIDE];
  private long[] endedIn = new long[0];
  private int termCount;
  private byte[][] blocks = {new byte[FIRST_BLOCK_BYTES]};
  private int block;
  private int blockUsed;
  private long blockBytes = FIRST_BLOCK_BYTES;

  /// Adds a document, greater than any before.
  void add(int document, Terms text) {
    for (int i = 0; i < text.counts().length; i++) {
      int term = termOf(text.terms().get(i).getBytes(StandardCharsets.UTF_8));
      append(term * STRIDE, document, text.counts()[i]);
    }
  }

  /// The lists of some documents, laid out anew.
  ///
  /// @param sources which have no document in common
  static Postings of(List<Lists> sources, Documents kept) {
    var made = new Postings();
    var packed = new long[Lists.Cursor.BATCH];
    for (int i = 0; i < sources.size(); i++) {
      for (int list = 0; list < sources.get(i).termCount; list++) {
        var term = sources.get(i).term(list);
        if (made.table[made.slotOf(term)] != EMPTY) {
          continue;
        }
        int size = 0;
        for (var source : sources.subList(i, sources.size())) {
          int number = source.listOf(term);
          var cursor = source.cursor(number);
          for (int read = cursor.read(); read > 0; read = cursor.read()) {
            packed =
                size + read > packed.length ? Arrays.copyOf(packed, 2 * packed.length) : packed;
            for (int n = 0; n < read; n++) {
              packed[size] = (long) cursor.documents[n] << 32 | cursor.counts[n];
              size += kept.contains(cursor.documents[n]) ? 1 : 0;
            }
          }
        }
        if (size > 0) {
          Arrays.sort(packed, 0, size);
          int at = made.termOf(term) * STRIDE;
          for (int n = 0; n < size; n++) {
            made.append(at, (int) (packed[n] >>> 32), (int) packed[n]);
          }
        }
      }
    }
    return made;
  }

  /// The lists as they are now.
  ///
  /// @param count the number below which documents are known
  Lists pin(int count, boolean ended) {
    if (ended && endedIn.length * STRIDE < terms.length) {
      endedIn = Arrays.copyOf(endedIn, terms.length / STRIDE);
    }
    return new Lists(table, terms, endedIn, blocks, termCount, count);
  }

  /// Writes the lists of a reader's moment. They are laid out anew, list after list, so nothing
  /// that is written meanwhile is met, and a block can go when the list after it has begun.
  static void write(
      SnapshotOut out, int number, Lists lists, SnapshotSection inBlocks, SnapshotSection inTerms)
      throws IOException {
    var copy = new Postings();
    copy.terms = new int[lists.termCount * STRIDE];
    try (var _ = out.section(inBlocks, number)) {
      int written = 0;
      for (int list = 0; list < lists.termCount; list++) {
        copy.begin(list, lists.term(list));
        var cursor = lists.cursor(list);
        for (int read = cursor.read(); read > 0; read = cursor.read()) {
          for (int i = 0; i < read; i++) {
            copy.append(list * STRIDE, cursor.documents[i], cursor.counts[i]);
          }
        }
        for (; written < copy.block; written++) {
          out.putBytes(Arrays.copyOf(copy.blocks[written], BLOCK_BYTES), BLOCK_BYTES);
          copy.blocks[written] = NO_BYTES;
        }
      }
      out.putBytes(copy.blocks[copy.block], copy.blockUsed);
    }
    try (var _ = out.section(inTerms, number)) {
      out.putInt(lists.termCount);
      out.putInt(copy.block);
      out.putInt(copy.blockUsed);
      out.putInts(copy.terms, lists.termCount * STRIDE);
    }
  }

  static Postings read(SnapshotIn in, int number, SnapshotSection inBlocks, SnapshotSection inTerms)
      throws UnusableSnapshot {
    var read = new Postings();
    var terms = in.section(inTerms, number);
    read.termCount = terms.getInt();
    read.block = terms.getInt();
    read.blockUsed = terms.getInt();
    read.terms = new int[(read.termCount + Math.max(8, read.termCount >>> 3)) * STRIDE];
    terms.getInts(read.terms, read.termCount * STRIDE);
    var blocks = in.section(inBlocks, number);
    read.blocks = new byte[Math.max(1, 2 * read.block)][];
    for (int block = 0; block < read.block; block++) {
      read.blocks[block] = new byte[BLOCK_BYTES];
      blocks.getBytes(read.blocks[block], BLOCK_BYTES);
    }
    int last =
        read.block > 0
            ? BLOCK_BYTES
            : Math.max(FIRST_BLOCK_BYTES, Math.min(BLOCK_BYTES, 2 * read.blockUsed));
    read.blocks[read.block] = new byte[last];
    blocks.getBytes(read.blocks[read.block], read.blockUsed);
    read.blockBytes = (long) read.block * BLOCK_BYTES + last;
    int size = read.table.length;
    while ((read.termCount + 1) * 3L > size * 2L) {
      size *= 2;
    }
    read.enlargeTable(size);
    return read;
  }

  long bytes() {
    return 4L * table.length + 4L * terms.length + 8L * endedIn.length + blockBytes;
  }

  int termCount() {
    return termCount;
  }

  private void append(int at, int document, int count) {
    assert document > terms[at + LAST] && count > 0;
    int distance = document - terms[at + LAST];
    terms[at + LAST] = document;
    putVarint(at, distance << 1 | (count == 1 ? 1 : 0));
    if (count > 1) {
      putVarint(at, count);
    }
    INT.setRelease(terms, at + DOCUMENTS, terms[at + DOCUMENTS] + 1);
  }

  private void putVarint(int at, int value) {
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      put(at, (byte) (rest | 0x80));
      rest >>>= 7;
    }
    put(at, (byte) rest);
  }

  private void put(int at, byte value) {
    if (terms[at + TAIL] == terms[at + FULL]) {
      lengthen(at);
    }
    int tail = terms[at + TAIL]++;
    blocks[tail >>> BLOCK_BITS][tail & (BLOCK_BYTES - 1)] = value;
  }

  private void lengthen(int at) {
    int full = terms[at + FULL];
    int next = slice(at, nextSize(Lists.intAt(blocks, full)));
    putInt(full, next);
  }

  private static int nextSize(int size) {
    return Math.min(SLICE_BYTES_MAX, size + (size >>> 1));
  }

  private int slice(int at, int size) {
    int address = allocate(size);
    terms[at + TAIL] = address;
    terms[at + FULL] = address + size - LINK_BYTES;
    putInt(address + size - LINK_BYTES, size);
    return address;
  }

  private void putInt(int address, int value) {
    Lists.INT_BYTES.set(blocks[address >>> BLOCK_BITS], address & (BLOCK_BYTES - 1), value);
  }

  /// Room for so many bytes inside one block. Addresses are unsigned: a field holds up to 4 GiB.
  /// May replace `terms` and `blocks`.
  private int allocate(int size) {
    if (blockUsed + size > BLOCK_BYTES) {
      block++;
      blockUsed = 0;
      if (block == BLOCK_BYTES) {
        throw new IllegalStateException("words of a scope: bytes=" + blockBytes);
      }
      if (block == blocks.length) {
        blocks = Arrays.copyOf(blocks, blocks.length * 2);
        terms = terms.clone();
      }
      blocks[block] = new byte[BLOCK_BYTES];
      blockBytes += BLOCK_BYTES;
    } else if (blockUsed + size > blocks[block].length) {
      assert block == 0;
      int length = Math.max(blocks[0].length * 2, Integer.highestOneBit(blockUsed + size) * 2);
      blockBytes += Math.min(BLOCK_BYTES, length) - blocks[0].length;
      blocks = blocks.clone();
      blocks[0] = Arrays.copyOf(blocks[0], Math.min(BLOCK_BYTES, length));
      terms = terms.clone();
    }
    int address = block << BLOCK_BITS | blockUsed;
    blockUsed += size;
    return address;
  }

  private int termOf(byte[] term) {
    int slot = slotOf(term);
    if (table[slot] != EMPTY) {
      return table[slot];
    }
    if ((termCount + 1) * 3L > table.length * 2L) {
      enlargeTable(table.length * 2);
      slot = slotOf(term);
    }
    if ((termCount + 1) * STRIDE > terms.length) {
      int capacity = termCount + Math.max(8, termCount / 2);
      terms = Arrays.copyOf(terms, capacity * STRIDE);
    }
    int number = termCount++;
    begin(number, term);
    table[slot] = number;
    return number;
  }

  /// Begins a term's list.
  private void begin(int number, byte[] term) {
    int at = number * STRIDE;
    int address = allocate(2 + term.length);
    byte[] bytes = blocks[address >>> BLOCK_BITS];
    int offset = address & (BLOCK_BYTES - 1);
    bytes[offset] = (byte) term.length;
    bytes[offset + 1] = (byte) (term.length >>> 8);
    System.arraycopy(term, 0, bytes, offset + 2, term.length);
    terms[at + BYTES_AT] = address;
    terms[at + LAST] = -1;
    int slice = slice(at, FIRST_SLICE_BYTES);
    terms[at + FIRST_SLICE] = slice;
  }

  private int slotOf(byte[] term) {
    return Lists.slotOf(table, terms, blocks, termCount, term);
  }

  private void enlargeTable(int size) {
    var larger = emptyTable(size);
    int mask = larger.length - 1;
    for (int number = 0; number < termCount; number++) {
      int address = terms[number * STRIDE + BYTES_AT];
      byte[] bytes = blocks[address >>> BLOCK_BITS];
      int offset = address & (BLOCK_BYTES - 1);
      int length = (bytes[offset] & 0xff) | (bytes[offset + 1] & 0xff) << 8;
      int slot = Lists.hash(bytes, offset + 2, length) & mask;
      while (larger[slot] != EMPTY) {
        slot = (slot + 1) & mask;
      }
      larger[slot] = number;
    }
    table = larger;
  }

  private static int[] emptyTable(int size) {
    var table = new int[size];
    Arrays.fill(table, EMPTY);
    return table;
  }

  /// The lists at one moment: what a reader holds.
  static final class Lists {
    /// No list: the term is in no document.
    static final int NONE = -1;

    private static final VarHandle INT_BYTES =
        MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final int[] table;
    private final int[] terms;
    private final long[] endedIn;
    private final byte[][] blocks;
    private final int termCount;
    private final int count;

    private Lists(
        int[] table, int[] terms, long[] endedIn, byte[][] blocks, int termCount, int count) {
      this.table = table;
      this.terms = terms;
      this.endedIn = endedIn;
      this.blocks = blocks;
      this.termCount = termCount;
      this.count = count;
    }

    private byte[] term(int list) {
      int address = terms[list * STRIDE + BYTES_AT];
      byte[] bytes = blocks[address >>> BLOCK_BITS];
      int offset = address & (BLOCK_BYTES - 1);
      int length = (bytes[offset] & 0xff) | (bytes[offset + 1] & 0xff) << 8;
      return Arrays.copyOfRange(bytes, offset + 2, offset + 2 + length);
    }

    /// The number of a term's list, or [#NONE].
    int listOf(String term) {
      return listOf(term.getBytes(StandardCharsets.UTF_8));
    }

    private int listOf(byte[] term) {
      int number = table[slotOf(table, terms, blocks, termCount, term)];
      return number < termCount ? number : NONE;
    }

    /// How many documents are in a list, as far as that is known without reading it; otherwise
    /// [#NONE]: documents were added after this moment.
    private int documents(int list) {
      int documents = (int) INT.getAcquire(terms, list * STRIDE + DOCUMENTS);
      return terms[list * STRIDE + LAST] < count ? documents : NONE;
    }

    /// How many of a list's documents had ended when so many had ended in the scope, if some reader
    /// said so; otherwise [#NONE].
    private int endedIn(int list, int endings) {
      long said = (long) LONG.getOpaque(endedIn, list);
      return said >>> 32 == endings ? (int) said : NONE;
    }

    private void sayEndedIn(int list, int endings, int ended) {
      LONG.setOpaque(endedIn, list, (long) endings << 32 | ended);
    }

    /// In how many current documents a term is. Costs no look at the list as long as nothing has
    /// ended since somebody asked for the same term.
    int currentWith(String term, WordView view) {
      int list = listOf(term);
      if (list == NONE) {
        return 0;
      }
      int documents = documents(list);
      int ended = view.hasEndedHere() ? endedIn(list, view.endings()) : 0;
      if (documents != NONE && ended != NONE) {
        return documents - ended;
      }
      var cursor = cursor(list);
      documents = 0;
      ended = 0;
      for (int read = cursor.read(); read > 0; read = cursor.read()) {
        documents += read;
        for (int i = 0; i < read; i++) {
          ended += view.isCurrent(cursor.documents[i]) ? 0 : 1;
        }
      }
      if (view.hasEndedHere()) {
        sayEndedIn(list, view.endings(), ended);
      }
      return documents - ended;
    }

    /// In how many of the given documents a term is.
    int eligibleWith(String term, Documents eligible) {
      int documents = 0;
      var cursor = cursor(term);
      for (int read = cursor.read(); read > 0; read = cursor.read()) {
        for (int i = 0; i < read; i++) {
          documents += eligible.contains(cursor.documents[i]) ? 1 : 0;
        }
      }
      return documents;
    }

    /// Reads a term's list; nothing, if there is none.
    Cursor cursor(String term) {
      return cursor(listOf(term));
    }

    private Cursor cursor(int list) {
      return new Cursor(list);
    }

    /// The slot that holds a term, or the empty one at which it would be put. A term that was added
    /// after the reader's moment is met as a number that it does not know.
    private static int slotOf(
        int[] table, int[] terms, byte[][] blocks, int termCount, byte[] term) {
      int mask = table.length - 1;
      int slot = hash(term, 0, term.length) & mask;
      while (table[slot] != EMPTY && table[slot] < termCount) {
        int address = terms[table[slot] * STRIDE + BYTES_AT];
        byte[] bytes = blocks[address >>> BLOCK_BITS];
        int offset = address & (BLOCK_BYTES - 1);
        int length = (bytes[offset] & 0xff) | (bytes[offset + 1] & 0xff) << 8;
        if (length == term.length
            && Arrays.equals(bytes, offset + 2, offset + 2 + length, term, 0, length)) {
          return slot;
        }
        slot = (slot + 1) & mask;
      }
      return slot;
    }

    private static int hash(byte[] bytes, int from, int length) {
      long hash = SECRET ^ length;
      for (int i = from; i < from + length; i++) {
        hash = (hash ^ (bytes[i] & 0xff)) * 0x9E3779B97F4A7C15L;
        hash ^= hash >>> 29;
      }
      return (int) (hash >>> 32);
    }

    private static int intAt(byte[][] blocks, int address) {
      return (int) INT_BYTES.get(blocks[address >>> BLOCK_BITS], address & (BLOCK_BYTES - 1));
    }

    /// Reads a list from its beginning, a batch at a time.
    final class Cursor {
      private static final int POSTING_BYTES_MAX = 10;
      static final int BATCH = 256;

      /// The documents of the batch that was read last, and how often each holds the term.
      final int[] documents = new int[BATCH];

      final int[] counts = new int[BATCH];

      private int left;
      private int document = -1;
      private int size = FIRST_SLICE_BYTES;
      private byte[] bytes = NO_BYTES;
      private int at;
      private int end;

      private Cursor(int list) {
        if (list == NONE) {
          return;
        }
        int term = list * STRIDE;
        left = (int) INT.getAcquire(terms, term + DOCUMENTS);
        int slice = terms[term + FIRST_SLICE];
        bytes = blocks[slice >>> BLOCK_BITS];
        at = slice & (BLOCK_BYTES - 1);
        end = at + size - LINK_BYTES;
      }

      /// Reads on and returns how many documents were read: none at the end.
      int read() {
        int wanted = Math.min(left, BATCH);
        int done = 0;
        while (done < wanted && document < count) {
          int before = done;
          done = near(done, wanted);
          if (done == before) {
            done = far(done);
          }
        }
        left -= done;
        if (document >= count && done > 0) {
          left = 0;
          done--;
        }
        return done;
      }

      /// Reads postings that surely end in this slice. All that changes is in local variables, so
      /// that it stays in registers.
      private int near(int from, int wanted) {
        int done = from;
        int place = at;
        int last = document;
        int safe = end - POSTING_BYTES_MAX;
        byte[] slice = bytes;
        while (done < wanted && place <= safe && last < count) {
          int code = slice[place++];
          if (code < 0) {
            code &= 0x7f;
            int shift = 7;
            byte next;
            do {
              next = slice[place++];
              code |= (next & 0x7f) << shift;
              shift += 7;
            } while (next < 0);
          }
          last += code >>> 1;
          int times = 1;
          if ((code & 1) == 0) {
            times = slice[place++];
            if (times < 0) {
              times &= 0x7f;
              int shift = 7;
              byte next;
              do {
                next = slice[place++];
                times |= (next & 0x7f) << shift;
                shift += 7;
              } while (next < 0);
            }
          }
          documents[done] = last;
          counts[done++] = times;
        }
        at = place;
        document = last;
        return done;
      }

      /// Reads a posting that may end in the next slice.
      private int far(int from) {
        int code = varint();
        document += code >>> 1;
        documents[from] = document;
        counts[from] = (code & 1) != 0 ? 1 : varint();
        return from + 1;
      }

      /// A varint that may end in the next slice.
      private int varint() {
        int value = 0;
        for (int shift = 0; ; shift += 7) {
          if (at == end) {
            follow();
          }
          byte next = bytes[at++];
          value |= (next & 0x7f) << shift;
          if (next >= 0) {
            return value;
          }
        }
      }

      private void follow() {
        int slice = (int) INT_BYTES.get(bytes, end);
        size = nextSize(size);
        bytes = blocks[slice >>> BLOCK_BITS];
        at = slice & (BLOCK_BYTES - 1);
        end = at + size - LINK_BYTES;
      }
    }
  }
}
