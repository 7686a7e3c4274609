package dev.remanence.journal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// CRC-32C of the rows of derived tables: numbers as 8 bytes, byte strings as they are.
final class Checksum {
  private final CRC32C crc = new CRC32C();

  static int of(byte[] bytes) {
    return new Checksum().add(bytes).value();
  }

  Checksum add(byte[] bytes) {
    crc.update(bytes);
    return this;
  }

  Checksum add(long value) {
    crc.update(ByteBuffer.allocate(Long.BYTES).putLong(value).flip());
    return this;
  }

  int value() {
    return (int) crc.getValue();
  }
}
