package dev.remanence.image;

import dev.remanence.Json;
import dev.remanence.Kind;
import dev.remanence.Provenance;
import dev.remanence.journal.Body;
import dev.remanence.journal.Header;
import dev.remanence.journal.Reader;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/// What an image holds at one moment, and the file that keeps it: `images/<scope>.image`.
///
/// The file is derived and can be deleted whenever the store is closed. All numbers are
/// little-endian; sections begin at multiples of 64 bytes, with zeros between them. It is written
/// from front to back, so that nothing must be known beforehand; the table comes last, as in a zip.
///
/// ```
///  0  magic   "REMIMAGE"                      ┌────────────────────────────────┐
///  8  format  int32                           │ header, padded to 64 bytes     │
///                                             ├────────────────────────────────┤
/// a place in the table, 32 bytes:             │ IDENTITY                       │
///  0  section   int32                         │ COLUMNS    rows                │
///  4  number    int32   (of a model)          │ CONTENTS   contents and turns  │
///  8  offset    int64                         │ FACETS     rows by value       │
/// 16  bytes     int64                         │ DOCUMENTS  lengths, endings    │
/// 24  CRC-32C   int32   of the section        │ WORD_BYTES, WORD_TERMS         │
/// 28  0         int32                         │ STEM_BYTES, STEM_TERMS         │
///                                             │ VECTORS, CODES of each model,  │
///                                             │                hot and past    │
///                                             │ LOOKALIKES bands of contents   │
/// the end, 16 bytes:                          ├────────────────────────────────┤
///  0  offset of the table  int64              │ table: a place a section       │
///  8  places               int32              ├────────────────────────────────┤
/// 12  CRC-32C   of table and end so far       │ end                            │
///                                             └────────────────────────────────┘
///
/// IDENTITY   text store; int64 scope, fingerprint, upTo, late; int32 rows; int64 recorded;
///            byte expiring; int32 heads; a head: int64 chain, seq, pos; 32 bytes hash
/// COLUMNS    int64 pos[rows] recordedFrom recordedTo validFrom validUntil created expires idHigh
///            idLow reference; float64 importance; int32 older content; byte kind pinned
/// CONTENTS   int32 contents; int64 pos[contents]; int32 labels speaker session turn earlier before,
///            firstPiece[contents + 1]; byte traits; names of speakers, names of sessions
/// names      int32 count; texts
/// FACETS     tags, keys, tools, sessions: int32 values; a value: text, rows
///            metadata: int32 names; a name: text; int32 values; a value: text (JSON), rows
/// rows       int32 count; int32[count], ascending
/// DOCUMENTS  int32 documents, endings, parted, current; int64 wordLength, stemLength;
///            int32 endedAt[documents]; uint16 wordLengths stemLengths;
///            int32 cold lists; int32 documents[cold lists]
/// LOOKALIKES int32 entries; int32 contents[entries]; int32 keys[8 × entries]
/// …_BYTES    the blocks of Postings, 64 KiB each, the last as far as it is used;
///            number 0 for the hot lists, then the cold ones
/// …_TERMS    int32 terms, last block, bytes used in it; int32 numbers[6 × terms]
/// VECTORS    text model; byte of the past; int32 dimension, vectors, pieces; int32 ordinal[pieces]; float64 sum[dimension];
///            int32 means; a mean: int32 of; float32[dimension]; int32 mean[chunks] if there are means
/// CODES      each chunk: rows, signs if it has a mean; each from a multiple of 64 bytes, as
///            CodeLayout has them for a full chunk; for the last one, for as many vectors as it has
/// text       int32 bytes; UTF-8
/// ```
///
/// **When a file is good.** Its checksums hold; it was made by a program that takes texts apart in
/// the same way (`fingerprint`); it is of this store and this scope; and each of its heads is in
/// the journal: that number of that chain at that position with that hash. As a hash covers all
/// that came before it in the chain, everything in the file is then what the journal says. What
/// came later is read from the journal. Vectors that were computed later stand beside the chain:
/// where the journal has counted more of them than `late`, the image looks for those it lacks. A
/// file that is not good is passed over.
///
/// @param upTo the journal's position
/// @param late how often vectors had been added to revisions that were there
/// @param heads how far each chain of the scope was read
record Snapshot(View view, long upTo, long late, List<Head> heads) {
  /// "REMIMAGE".
  static final long MAGIC = 0x4547414D494D4552L;

  static final int FORMAT = 2;
  static final int ALIGNMENT = 64;
  static final int PLACE_BYTES = 32;
  static final int END_BYTES = 16;

  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfChar CHAR =
      ValueLayout.JAVA_CHAR_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final int HASH_BYTES = 32;

  /// Goes through every step of docs/words.md, and is long enough to be cut.
  private static final String PROBE =
      "Caroline's runners were running: user_id=42 in parseHTTPResponse, v1.2.3 of C++; Zürich,"
          + " ＦＵＬＬ, 東京タワー, สวัสดี, ann@example.com told “no”. ";

  private static final int PROBE_REPEATS = 10;

  /// A section's place in the file.
  record Place(SnapshotSection kind, int number, long offset, long bytes, int checksum) {}

  /// The last revision of a chain that an image has taken up.
  record Head(long chain, long seq, long pos, byte[] hash) {}

  /// Rows and vectors: what a snapshot saves from being made anew.
  int size() {
    int size = view.count();
    for (var each : view.vectors()) {
      size += each.count();
    }
    return size;
  }

  /// What makes one way of taking texts apart another than before.
  static long fingerprint(Indexing indexing) {
    var content = new Body.Content(PROBE.repeat(PROBE_REPEATS), null, "Anna", null);
    var attributes =
        new Body.Attributes(
            Kind.EPISODIC,
            "a/key",
            List.of("one tag"),
            new Json.Obj(Map.of()),
            0.5,
            false,
            List.of(),
            Header.OPEN,
            1,
            new Provenance("session", "tool", null, null, null, null, null, null));
    var indexed = indexing.of(content, attributes);
    var sum = new CRC32C();
    sum.update(indexed.traits());
    sum.update(
        Arrays.toString(Lookalikes.bands(Shingles.of(content))).getBytes(StandardCharsets.UTF_8));
    for (var piece : indexed.pieces()) {
      sum.update(String.valueOf(piece.length()).getBytes(StandardCharsets.UTF_8));
      var analyzed = Analysis.of(Language.ENGLISH).analyze(piece);
      for (var terms : List.of(analyzed.words(), analyzed.stems())) {
        sum.update(
            (String.join(" ", terms.terms()) + Arrays.toString(terms.counts()) + terms.length())
                .getBytes(StandardCharsets.UTF_8));
      }
    }
    return sum.getValue();
  }

  void write(OutputStream file, String store, long scope, long fingerprint) throws IOException {
    var out = new SnapshotOut(file);
    try (var _ = out.section(SnapshotSection.IDENTITY, 0)) {
      out.putText(store);
      out.putLong(scope);
      out.putLong(fingerprint);
      out.putLong(upTo);
      out.putLong(late);
      out.putInt(view.count());
      out.putLong(view.recorded());
      out.putByte(view.isExpiring() ? 1 : 0);
      out.putInt(heads.size());
      for (var head : heads) {
        out.putLong(head.chain);
        out.putLong(head.seq);
        out.putLong(head.pos);
        out.putBytes(head.hash, HASH_BYTES);
      }
    }
    try (var _ = out.section(SnapshotSection.COLUMNS, 0)) {
      view.columns().write(out, view.count(), view.recorded());
    }
    try (var _ = out.section(SnapshotSection.CONTENTS, 0)) {
      view.contents().write(out, view.contentCount());
    }
    try (var _ = out.section(SnapshotSection.FACETS, 0)) {
      view.facets().write(out, view.count());
    }
    Lookalikes.write(out, view.lookalikes());
    Words.write(out, view.words());
    for (int number = 0; number < view.vectors().size(); number++) {
      PieceVectors.write(out, number, view.vectors().get(number), view.words().count());
    }
    out.finish();
  }

  /// What a file says of itself.
  record Identity(
      String store,
      long scope,
      long fingerprint,
      long upTo,
      long late,
      int rows,
      long recorded,
      boolean expiring,
      List<Head> heads) {

    static Identity read(SnapshotIn in) throws UnusableSnapshot {
      var section = in.section(SnapshotSection.IDENTITY, 0);
      var store = section.getText();
      long scope = section.getLong();
      long fingerprint = section.getLong();
      long upTo = section.getLong();
      long late = section.getLong();
      int rows = section.getInt();
      long recorded = section.getLong();
      boolean expiring = section.getByte() == 1;
      var heads = new ArrayList<Head>();
      for (int left = section.getInt(); left > 0; left--) {
        var hash = new byte[HASH_BYTES];
        long chain = section.getLong();
        long seq = section.getLong();
        long pos = section.getLong();
        section.getBytes(hash, HASH_BYTES);
        heads.add(new Head(chain, seq, pos, hash));
      }
      return new Identity(
          store, scope, fingerprint, upTo, late, rows, recorded, expiring, List.copyOf(heads));
    }

    /// That the journal goes through where the snapshot was taken.
    void requireInJournal(Reader reader) throws SQLException, UnusableSnapshot {
      var chains = reader.chains(scope).stream().map(Reader.Chain::id).toList();
      for (var head : heads) {
        if (!chains.contains(head.chain)
            || !reader.isAt(head.chain, head.seq, head.pos, head.hash)) {
          throw new UnusableSnapshot("the journal does not go through revision " + head.seq);
        }
      }
    }
  }
}
