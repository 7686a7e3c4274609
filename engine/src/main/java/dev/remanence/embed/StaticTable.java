package dev.remanence.embed;

import dev.remanence.unpack.Unpacked;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/// A vector for each piece of a vocabulary, in bytes with a scale a row.
///
/// ```
/// magic      8 bytes   "RMNSTAT1"
/// stamp     32 bytes   SHA-256 of the recipe that it was made by
/// print     32 bytes   SHA-256 of all that follows
/// rows       4 bytes   big-endian, as all numbers here
/// dimension  4 bytes
/// words      4 bytes   length of the vocabulary
/// vocabulary           the pieces in UTF-8, a line each
/// scales               a float a row
/// codes                rows × dimension bytes; number = code × scale of its row
/// ```
///
/// @param print tells this table from any other, in hexadecimal
record StaticTable(String print, List<String> pieces, int dimension, float[] scales, byte[] codes) {
  private static final byte[] MAGIC = "RMNSTAT1".getBytes(StandardCharsets.US_ASCII);
  static final int HASH_BYTES = 32;

  static StaticTable of(List<String> pieces, float[][] rows) {
    int dimension = rows[0].length;
    var scales = new float[rows.length];
    var codes = new byte[rows.length * dimension];
    for (int row = 0; row < rows.length; row++) {
      float largest = 0;
      for (float each : rows[row]) {
        largest = Math.max(largest, Math.abs(each));
      }
      scales[row] = largest / Byte.MAX_VALUE;
      for (int i = 0; i < dimension && largest > 0; i++) {
        codes[row * dimension + i] = (byte) Math.round(rows[row][i] / scales[row]);
      }
    }
    return new StaticTable("", pieces, dimension, scales, codes);
  }

  /// Adds a row to a sum.
  void add(int row, float[] sum) {
    float scale = scales[row];
    int from = row * dimension;
    for (int i = 0; i < dimension; i++) {
      sum[i] += codes[from + i] * scale;
    }
  }

  void write(OutputStream file, byte[] stamp) throws IOException {
    var content = new ByteArrayOutputStream();
    writeContent(new DataOutputStream(content));
    file.write(MAGIC);
    file.write(stamp);
    file.write(Unpacked.newSha256().digest(content.toByteArray()));
    content.writeTo(file);
  }

  private void writeContent(DataOutputStream out) throws IOException {
    var vocabulary = String.join("\n", pieces).getBytes(StandardCharsets.UTF_8);
    out.writeInt(pieces.size());
    out.writeInt(dimension);
    out.writeInt(vocabulary.length);
    out.write(vocabulary);
    for (float scale : scales) {
      out.writeFloat(scale);
    }
    out.write(codes);
  }

  static StaticTable read(InputStream file) throws IOException {
    var in = new DataInputStream(new BufferedInputStream(file, 1 << 16));
    readStamp(in);
    var print = HexFormat.of().formatHex(in.readNBytes(HASH_BYTES));
    int rows = in.readInt();
    int dimension = in.readInt();
    var vocabulary = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    var scales = new float[rows];
    for (int row = 0; row < rows; row++) {
      scales[row] = in.readFloat();
    }
    var codes = new byte[rows * dimension];
    in.readFully(codes);
    return new StaticTable(print, List.of(vocabulary.split("\n", -1)), dimension, scales, codes);
  }

  /// The hash of the recipe that a table was made by.
  static byte[] readStamp(InputStream in) throws IOException {
    if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
      throw new IOException("not a static table");
    }
    return in.readNBytes(HASH_BYTES);
  }
}
