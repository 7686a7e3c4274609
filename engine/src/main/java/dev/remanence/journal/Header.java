package dev.remanence.journal;

import dev.remanence.Change;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The fixed part of a revision, which the chain covers and which holds nothing that a user wrote.
///
/// ```
/// offset size
///  0      1   layout = 1
///  1      1   change
///  2      1   flags: 1 holds content, 2 not on the main branch, 4 has an end of validity
///  3      1   number of parents p
///  4      4   revision number within the memory
///  8      8   recorded, hybrid clock
/// 16     16   memory
/// 32      8   valid from, milliseconds
/// 40      8   valid until, only with flag 4
///  +      8   branch, only with flag 2
///  +   16*p   parents: the first 16 bytes of their hashes
///  +     16   content reference, only without flag 1 and where the change has attributes
/// ```
///
/// @param until [#OPEN] where the validity has no end
/// @param content null where this revision holds the content itself, or where there is none
public record Header(
    Change change,
    int number,
    long recorded,
    UUID memory,
    long from,
    long until,
    long branch,
    boolean holdsContent,
    List<byte[]> parents,
    byte @Nullable [] content) {

  /// An end of validity that is not there.
  public static final long OPEN = Long.MAX_VALUE;

  public static final long MAIN = 0;

  /// Parents of one revision; a new value that would replace more is refused.
  public static final int PARENTS_MAX = 255;

  private static final byte LAYOUT = 1;
  private static final int FIXED_BYTES = 40;
  private static final int HOLDS_CONTENT = 1;
  private static final int ON_BRANCH = 2;
  private static final int HAS_END = 4;

  public Header {
    assert parents.size() <= PARENTS_MAX : "parents=" + parents.size();
    assert !(holdsContent && content != null);
    assert from < until : "from=" + from + ", until=" + until;
  }

  byte[] encode() {
    boolean branched = branch != MAIN;
    boolean ends = until != OPEN;
    int size =
        FIXED_BYTES
            + (ends ? 8 : 0)
            + (branched ? 8 : 0)
            + Hash.REFERENCE_BYTES * (parents.size() + (content != null ? 1 : 0));
    var out = ByteBuffer.allocate(size);
    out.put(LAYOUT)
        .put((byte) change.code())
        .put(
            (byte)
                ((holdsContent ? HOLDS_CONTENT : 0)
                    | (branched ? ON_BRANCH : 0)
                    | (ends ? HAS_END : 0)))
        .put((byte) parents.size())
        .putInt(number)
        .putLong(recorded)
        .putLong(memory.getMostSignificantBits())
        .putLong(memory.getLeastSignificantBits())
        .putLong(from);
    if (ends) {
      out.putLong(until);
    }
    if (branched) {
      out.putLong(branch);
    }
    parents.forEach(out::put);
    if (content != null) {
      out.put(content);
    }
    assert !out.hasRemaining();
    return out.array();
  }

  /// Reads a header. Throws [MalformedBytes] for bytes that [#encode] cannot have written.
  public static Header decode(byte[] bytes) {
    if (bytes.length < FIXED_BYTES) {
      throw new MalformedBytes("header: bytes=" + bytes.length);
    }
    var in = ByteBuffer.wrap(bytes);
    if (in.get() != LAYOUT) {
      throw new MalformedBytes("header: layout=" + bytes[0]);
    }
    var change = Change.ofCode(in.get());
    int flags = in.get();
    int parentCount = Byte.toUnsignedInt(in.get());
    if (change == null || (flags & ~(HOLDS_CONTENT | ON_BRANCH | HAS_END)) != 0) {
      throw new MalformedBytes("header: change=" + bytes[1] + ", flags=" + flags);
    }
    boolean holdsContent = (flags & HOLDS_CONTENT) != 0;
    boolean ends = (flags & HAS_END) != 0;
    boolean branched = (flags & ON_BRANCH) != 0;
    boolean refers = !holdsContent && hasAttributes(change);
    int size =
        FIXED_BYTES
            + (ends ? 8 : 0)
            + (branched ? 8 : 0)
            + Hash.REFERENCE_BYTES * (parentCount + (refers ? 1 : 0));
    if (bytes.length != size) {
      throw new MalformedBytes("header: bytes=" + bytes.length + ", expected=" + size);
    }
    int number = in.getInt();
    long recorded = in.getLong();
    var memory = new UUID(in.getLong(), in.getLong());
    long from = in.getLong();
    long until = ends ? in.getLong() : OPEN;
    long branch = branched ? in.getLong() : MAIN;
    if (from >= until || number < 0) {
      throw new MalformedBytes("header: from=" + from + ", until=" + until + ", number=" + number);
    }
    List<byte[]> parents = parentCount == 0 ? List.of() : new ArrayList<>(parentCount);
    for (int i = 0; i < parentCount; i++) {
      parents.add(reference(in));
    }
    return new Header(
        change,
        number,
        recorded,
        memory,
        from,
        until,
        branch,
        holdsContent,
        parents,
        refers ? reference(in) : null);
  }

  private static byte[] reference(ByteBuffer in) {
    var reference = new byte[Hash.REFERENCE_BYTES];
    in.get(reference);
    return reference;
  }

  /// Whether revisions of this change record a value, so that they can be current.
  public boolean recordsValue() {
    return hasAttributes(change);
  }

  private static boolean hasAttributes(Change change) {
    return switch (change) {
      case OPEN, FORGET, ERASE -> false;
      case CREATE, REINFORCE, REVISE, BOUND, SUPERSEDE, LINK, UNLINK, REVERT, BRANCH, MERGE -> true;
    };
  }
}
