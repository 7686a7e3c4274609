package dev.remanence.journal;

import dev.remanence.AsOf;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// A revision as it lies in the journal, its checksum verified and its body unpacked. Immutable by
/// agreement: nobody writes into the arrays.
///
/// @param prev position of the memory's revision that arrived before, 0 for none
/// @param base position of the revision that holds the content, 0 for this one, [#LOST] where a
///   salvage or an import never saw it
/// @param salt null once erased, as is `body`; then `bodyHash` is there
public record Entry(
    long pos,
    long chain,
    long seq,
    long prev,
    long base,
    Header header,
    byte[] head,
    byte @Nullable [] salt,
    byte @Nullable [] body,
    byte @Nullable [] bodyHash,
    byte[] hash) {

  public static final long LOST = -1;

  /// The hash that the chain covers in place of the body.
  public byte[] bodyDigest() {
    if (bodyHash != null) {
      return bodyHash;
    }
    return Hash.body(Objects.requireNonNull(salt), Objects.requireNonNull(body));
  }

  public boolean erased() {
    return body == null;
  }

  public byte[] reference() {
    return Hash.reference(hash);
  }

  /// The decoded body, or null once erased.
  public @Nullable Body decoded() {
    return body == null ? null : Body.decode(body);
  }

  /// The branch that the body names.
  public String branchName() {
    var decoded = decoded();
    return decoded == null || decoded.cause().branch() == null
        ? AsOf.MAIN
        : decoded.cause().branch();
  }

  Entry withoutBody() {
    return new Entry(pos, chain, seq, prev, base, header, head, null, null, bodyDigest(), hash);
  }

  /// The same without its bytes, for folds over long histories.
  Entry withoutContent() {
    return new Entry(pos, chain, seq, prev, base, header, head, null, null, null, hash);
  }

  Entry based(long newBase) {
    return new Entry(pos, chain, seq, prev, newBase, header, head, salt, body, bodyHash, hash);
  }

  /// CRC-32C over all columns but the packing: numbers as 8 bytes, bytes with their length before
  /// them, -1 for null.
  int checksum() {
    return checksum(pos, chain, seq, prev, base, head, salt, body, bodyHash, hash);
  }

  static int checksum(
      long pos,
      long chain,
      long seq,
      long prev,
      long base,
      byte[] head,
      byte @Nullable [] salt,
      byte @Nullable [] body,
      byte @Nullable [] bodyHash,
      byte[] hash) {
    var crc = new CRC32C();
    crc.update(
        ByteBuffer.allocate(60)
            .putLong(pos)
            .putLong(chain)
            .putLong(seq)
            .putLong(prev)
            .putLong(base)
            .putInt(head.length)
            .putInt(salt == null ? -1 : salt.length)
            .putInt(body == null ? -1 : body.length)
            .putInt(bodyHash == null ? -1 : bodyHash.length)
            .putInt(hash.length)
            .flip());
    crc.update(head);
    update(crc, salt);
    update(crc, body);
    update(crc, bodyHash);
    crc.update(hash);
    return (int) crc.getValue();
  }

  private static void update(CRC32C crc, byte @Nullable [] bytes) {
    if (bytes != null) {
      crc.update(bytes);
    }
  }
}
