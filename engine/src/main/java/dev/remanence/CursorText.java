package dev.remanence;

import dev.remanence.RemanenceException.InvalidInput;
import java.nio.ByteBuffer;
import java.util.Base64;

/// A cursor as the caller holds it: bytes that mean something to us only.
final class CursorText {
  private CursorText() {}

  static String of(ByteBuffer written) {
    var bytes = new byte[written.position()];
    written.flip().get(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /// @param size how many bytes such a cursor has
  static ByteBuffer read(String text, int size) {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw notACursor();
    }
    if (bytes.length != size) {
      throw notACursor();
    }
    return ByteBuffer.wrap(bytes);
  }

  static InvalidInput notACursor() {
    return new InvalidInput(
        "a cursor comes from the page before and belongs to the same question; leave it out to"
            + " begin anew",
        "field",
        "cursor");
  }
}
