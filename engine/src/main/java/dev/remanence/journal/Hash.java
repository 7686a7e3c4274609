package dev.remanence.journal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;

/// The hashes of the data file, all SHA-256. Stateless.
public final class Hash {
  public static final int BYTES = 32;

  /// A reference to a revision: the first bytes of its hash.
  public static final int REFERENCE_BYTES = 16;

  private static final byte[] REVISION = "remanence:1".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] COMMIT = "remanence:commit".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ZERO = new byte[BYTES];

  private Hash() {}

  /// What stands before the first link of a chain.
  public static byte[] zero() {
    return ZERO.clone();
  }

  public static byte[] sha256(byte[]... parts) {
    var digest = digest();
    for (var part : parts) {
      digest.update(part);
    }
    return digest.digest();
  }

  static byte[] body(byte[] salt, byte[] body) {
    return sha256(salt, body);
  }

  /// The link of a revision to the one before it in its chain.
  static byte[] revision(
      byte[] previous, byte[] site, byte[] scope, long seq, byte[] head, byte[] bodyHash) {
    var digest = digest();
    digest.update(REVISION);
    digest.update(previous);
    digest.update(site);
    digest.update(scope);
    digest.update(longBytes(seq));
    digest.update(head);
    digest.update(bodyHash);
    return digest.digest();
  }

  /// Begins the link of a commit; the caller adds the heads it covers and takes the digest.
  static MessageDigest commit(byte[] previous, long number, long last) {
    var digest = digest();
    digest.update(COMMIT);
    digest.update(previous);
    digest.update(longBytes(number));
    digest.update(longBytes(last));
    return digest;
  }

  /// Adds a chain's head to the link of a commit.
  static void add(MessageDigest commit, byte[] site, byte[] scope, long seq, byte[] hash) {
    commit.update(site);
    commit.update(scope);
    commit.update(longBytes(seq));
    commit.update(hash);
  }

  static byte[] longBytes(long value) {
    return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
  }

  public static byte[] reference(byte[] hash) {
    return Arrays.copyOf(hash, REFERENCE_BYTES);
  }

  public static byte[] bytes(UUID uuid) {
    return ByteBuffer.allocate(16)
        .putLong(uuid.getMostSignificantBits())
        .putLong(uuid.getLeastSignificantBits())
        .array();
  }

  public static UUID uuid(byte[] bytes) {
    var buffer = ByteBuffer.wrap(bytes);
    return new UUID(buffer.getLong(), buffer.getLong());
  }

  public static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static MessageDigest digest() {
    try {
      return (MessageDigest) SHA_256.clone();
    } catch (CloneNotSupportedException e) {
      return fresh();
    }
  }

  private static final MessageDigest SHA_256 = fresh();

  private static MessageDigest fresh() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
