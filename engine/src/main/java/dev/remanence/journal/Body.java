package dev.remanence.journal;

import dev.remanence.Json;
import dev.remanence.Kind;
import dev.remanence.Link;
import dev.remanence.Provenance;
import java.io.ByteArrayOutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// The part of a revision that holds what users wrote, and that erasing removes.
///
/// Fields in ascending order, each `varint id, varint length, bytes`, none twice; an empty field is
/// left out. Ids 1 to 7 are the content, 8 to 23 the attributes, 24 and above the change:
///
/// ```
///  1 text        2 content     3 speaker   4 vector
///  8 kind        9 key        10 tags     11 metadata   12 importance  13 pinned
/// 14 links      15 expires    16 count    17 provenance
/// 24 session    25 tool       26 message  27 branch     28 scope
/// ```
///
/// The encoding is deterministic: equal bodies have equal bytes, so a body that went through JSON
/// and back still has its hash.
public record Body(@Nullable Content content, @Nullable Attributes attributes, Cause cause) {

  /// What is remembered. Exactly one of text and json is there.
  public record Content(
      @Nullable String text,
      @Nullable Json json,
      @Nullable String speaker,
      float @Nullable [] vector) {

    /// SHA-256 of the canonical JSON of content and speaker: the identity for dedup.
    public byte[] identity() {
      if (text != null && speaker == null) {
        var plain = text.getBytes(StandardCharsets.UTF_8);
        if (needsNoEscape(plain)) {
          return Hash.sha256(TEXT_BEFORE, plain, TEXT_AFTER);
        }
      }
      var fields = Json.object();
      if (speaker != null) {
        fields.put("speaker", Json.of(speaker));
      }
      if (text != null) {
        fields.put("text", Json.of(text));
      } else if (json != null) {
        fields.put("content", json);
      }
      return Hash.sha256(fields.build().canonicalBytes());
    }

    /// Canonical JSON of a text alone, so that most identities need no JSON to be built.
    private static final byte[] TEXT_BEFORE = "{\"text\":\"".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] TEXT_AFTER = "\"}".getBytes(StandardCharsets.US_ASCII);

    private static final VarHandle LONGS =
        MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long ONES = 0x0101010101010101L;
    private static final long TOPS = ONES << 7;

    /// Looks at eight bytes at a time: x - 0x01.. & ~x & 0x80.. is not zero where one byte is.
    private static boolean needsNoEscape(byte[] utf8) {
      int i = 0;
      for (; i + Long.BYTES <= utf8.length; i += Long.BYTES) {
        long eight = (long) LONGS.get(utf8, i);
        long quote = eight ^ (ONES * '"');
        long backslash = eight ^ (ONES * '\\');
        long control = eight - ONES * ' ';
        long found =
            ((quote - ONES) & ~quote) | ((backslash - ONES) & ~backslash) | (control & ~eight);
        if ((found & TOPS) != 0) {
          return false;
        }
      }
      for (; i < utf8.length; i++) {
        byte b = utf8[i];
        if ((b >= 0 && b < ' ') || b == '"' || b == '\\') {
          return false;
        }
      }
      return true;
    }
  }

  /// What is known about it.
  ///
  /// @param tags sorted, without repeats
  /// @param expires milliseconds, or [Header#OPEN]
  public record Attributes(
      Kind kind,
      @Nullable String key,
      List<String> tags,
      Json.Obj metadata,
      double importance,
      boolean pinned,
      List<Link> links,
      long expires,
      int count,
      Provenance provenance) {}

  /// Who made this change, through what and why.
  public record Cause(
      @Nullable String session,
      @Nullable String tool,
      @Nullable String message,
      @Nullable String branch,
      @Nullable String scope) {
    public static Cause scopeNamed(String path) {
      return new Cause(null, null, null, null, path);
    }

    public Cause message(@Nullable String why) {
      return new Cause(session, tool, why, branch, scope);
    }

    public Cause branch(String name) {
      return new Cause(session, tool, message, name, scope);
    }
  }

  private static final Json.Obj NO_METADATA = Json.object().build();

  private static final int TEXT = 1;
  private static final int CONTENT = 2;
  private static final int SPEAKER = 3;
  private static final int VECTOR = 4;
  private static final int KIND = 8;
  private static final int KEY = 9;
  private static final int TAGS = 10;
  private static final int METADATA = 11;
  private static final int IMPORTANCE = 12;
  private static final int PINNED = 13;
  private static final int LINKS = 14;
  private static final int EXPIRES = 15;
  private static final int COUNT = 16;
  private static final int PROVENANCE = 17;
  private static final int SESSION = 24;
  private static final int TOOL = 25;
  private static final int MESSAGE = 26;
  private static final int BRANCH = 27;
  private static final int SCOPE = 28;

  public byte[] encode() {
    var out = new Out();
    if (content != null) {
      out.text(TEXT, content.text);
      if (content.json != null) {
        out.field(CONTENT, content.json.canonicalBytes());
      }
      out.text(SPEAKER, content.speaker);
      if (content.vector != null) {
        out.field(VECTOR, floats(content.vector));
      }
    }
    if (attributes != null) {
      out.field(KIND, new byte[] {(byte) attributes.kind.code()});
      out.text(KEY, attributes.key);
      if (!attributes.tags.isEmpty()) {
        var tags = new Out();
        attributes.tags.forEach(tags::string);
        out.field(TAGS, tags.toByteArray());
      }
      if (!attributes.metadata.fields().isEmpty()) {
        out.field(METADATA, attributes.metadata.canonicalBytes());
      }
      out.field(IMPORTANCE, Hash.longBytes(Double.doubleToLongBits(attributes.importance)));
      if (attributes.pinned) {
        out.field(PINNED, new byte[] {1});
      }
      if (!attributes.links.isEmpty()) {
        var links = new Out();
        for (var link : attributes.links) {
          links.writeBytes(Hash.bytes(link.to()));
          links.string(link.type());
        }
        out.field(LINKS, links.toByteArray());
      }
      if (attributes.expires != Header.OPEN) {
        out.field(EXPIRES, Hash.longBytes(attributes.expires));
      }
      var count = new Out();
      count.varint(attributes.count);
      out.field(COUNT, count.toByteArray());
      var provenance = ProvenanceJson.encode(attributes.provenance);
      if (!provenance.fields().isEmpty()) {
        out.field(PROVENANCE, provenance.canonicalBytes());
      }
    }
    out.text(SESSION, cause.session);
    out.text(TOOL, cause.tool);
    out.text(MESSAGE, cause.message);
    out.text(BRANCH, cause.branch);
    out.text(SCOPE, cause.scope);
    return out.toByteArray();
  }

  /// Reads a body. Throws [MalformedBytes] for bytes that no encoder of this format can have
  /// written; fields that this version does not know are passed over.
  public static Body decode(byte[] bytes) {
    return decode(bytes, true);
  }

  /// As [#decode], without the vector, for those who only show the memory.
  public static Body decodeWithoutVector(byte[] bytes) {
    return decode(bytes, false);
  }

  private static Body decode(byte[] bytes, boolean withVector) {
    try {
      return new Reader(bytes, withVector).read();
    } catch (BufferUnderflowException
        | IllegalArgumentException
        | DateTimeException
        | dev.remanence.RemanenceException e) {
      throw new MalformedBytes("body: bytes=" + bytes.length + ", " + e.getClass().getSimpleName());
    }
  }

  private static byte[] floats(float[] vector) {
    var bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.BIG_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return bytes.array();
  }

  private static final class Out extends ByteArrayOutputStream {
    Out() {
      super(256);
    }

    void varint(int value) {
      int rest = value;
      while ((rest & ~0x7F) != 0) {
        write((rest & 0x7F) | 0x80);
        rest >>>= 7;
      }
      write(rest);
    }

    void field(int id, byte[] bytes) {
      varint(id);
      varint(bytes.length);
      writeBytes(bytes);
    }

    void text(int id, @Nullable String value) {
      if (value != null && !value.isEmpty()) {
        field(id, value.getBytes(StandardCharsets.UTF_8));
      }
    }

    void string(String value) {
      var bytes = value.getBytes(StandardCharsets.UTF_8);
      varint(bytes.length);
      writeBytes(bytes);
    }
  }

  private static final class Reader {
    private final ByteBuffer in;
    private @Nullable String text;
    private @Nullable Json json;
    private @Nullable String speaker;
    private float @Nullable [] vector;
    private @Nullable Kind kind;
    private @Nullable String key;
    private List<String> tags = List.of();
    private Json.Obj metadata = NO_METADATA;
    private double importance;
    private boolean pinned;
    private List<Link> links = List.of();
    private long expires = Header.OPEN;
    private int count = 1;
    private Provenance provenance = Provenance.NONE;
    private @Nullable String session;
    private @Nullable String tool;
    private @Nullable String message;
    private @Nullable String branch;
    private @Nullable String scope;

    private final boolean withVector;

    Reader(byte[] bytes, boolean withVector) {
      in = ByteBuffer.wrap(bytes);
      this.withVector = withVector;
    }

    Body read() {
      int before = 0;
      while (in.hasRemaining()) {
        int id = varint(in);
        if (id <= before) {
          throw new MalformedBytes("body: field=" + id + " after=" + before);
        }
        before = id;
        int length = varint(in);
        if (length < 0 || length > in.remaining()) {
          throw new MalformedBytes("body: field=" + id + ", length=" + length);
        }
        field(id, in.slice(in.position(), length));
        in.position(in.position() + length);
      }
      var content = text == null && json == null ? null : new Content(text, json, speaker, vector);
      var attributes =
          kind == null
              ? null
              : new Attributes(
                  kind, key, tags, metadata, importance, pinned, links, expires, count, provenance);
      return new Body(content, attributes, new Cause(session, tool, message, branch, scope));
    }

    private void field(int id, ByteBuffer value) {
      switch (id) {
        case TEXT -> text = string(value);
        case CONTENT -> json = Json.parse(bytes(value));
        case SPEAKER -> speaker = string(value);
        case VECTOR -> {
          if (!withVector) {
            return;
          }
          vector = new float[value.remaining() / Float.BYTES];
          value.asFloatBuffer().get(vector);
        }
        case KIND -> kind = kindOf(value.get());
        case KEY -> key = string(value);
        case TAGS -> tags = strings(value);
        case METADATA -> metadata = object(value);
        case IMPORTANCE -> importance = Double.longBitsToDouble(value.getLong());
        case PINNED -> pinned = value.get() == 1;
        case LINKS -> links = links(value);
        case EXPIRES -> expires = value.getLong();
        case COUNT -> count = varint(value);
        case PROVENANCE -> provenance = ProvenanceJson.read(bytes(value));
        case SESSION -> session = string(value);
        case TOOL -> tool = string(value);
        case MESSAGE -> message = string(value);
        case BRANCH -> branch = string(value);
        case SCOPE -> scope = string(value);
        default -> {
          // A field of a later version: part of the hash, not of what this version shows.
        }
      }
    }

    private static Kind kindOf(int code) {
      if (code < 1 || code > Kind.values().length) {
        throw new MalformedBytes("body: kind=" + code);
      }
      return Kind.ofCode(code);
    }

    private static byte[] bytes(ByteBuffer value) {
      var bytes = new byte[value.remaining()];
      value.get(bytes);
      return bytes;
    }

    private static String string(ByteBuffer value) {
      return new String(
          value.array(),
          value.arrayOffset() + value.position(),
          value.remaining(),
          StandardCharsets.UTF_8);
    }

    private static Json.Obj object(ByteBuffer value) {
      if (Json.parse(bytes(value)) instanceof Json.Obj object) {
        return object;
      }
      throw new MalformedBytes("body: an object was expected");
    }

    private static List<String> strings(ByteBuffer value) {
      var list = new ArrayList<String>();
      while (value.hasRemaining()) {
        list.add(sized(value));
      }
      return List.copyOf(list);
    }

    private static List<Link> links(ByteBuffer value) {
      var list = new ArrayList<Link>();
      while (value.hasRemaining()) {
        var to = new UUID(value.getLong(), value.getLong());
        list.add(new Link(sized(value), to));
      }
      return List.copyOf(list);
    }

    private static String sized(ByteBuffer value) {
      int length = varint(value);
      if (length < 0 || length > value.remaining()) {
        throw new MalformedBytes("body: length=" + length);
      }
      var text = string(value.slice(value.position(), length));
      value.position(value.position() + length);
      return text;
    }

    private static int varint(ByteBuffer in) {
      int value = 0;
      for (int shift = 0; shift < 35; shift += 7) {
        byte b = in.get();
        value |= (b & 0x7F) << shift;
        if (b >= 0) {
          return value;
        }
      }
      throw new MalformedBytes("body: a varint has more than 5 bytes");
    }
  }

  /// Provenance as canonical JSON: the names of PROTOCOL, empty parts left out.
  static final class ProvenanceJson {
    private ProvenanceJson() {}

    static Json.Obj encode(Provenance provenance) {
      var fields = Json.object();
      put(fields, "session", provenance.session());
      put(fields, "tool", provenance.tool());
      put(fields, "source", provenance.source());
      put(fields, "sourceTime", provenance.sourceTime());
      put(fields, "method", provenance.method());
      if (provenance.confidence() != null) {
        fields.put("confidence", Json.of(provenance.confidence()));
      }
      put(fields, "lastConfirmed", provenance.lastConfirmed());
      put(fields, "parent", provenance.parent());
      return fields.build();
    }

    private static void put(Json.Fields fields, String name, @Nullable Object value) {
      if (value != null) {
        fields.put(name, Json.of(value.toString()));
      }
    }

    /// Provenances that were read lately: most memories share theirs with others of a session.
    private record Seen(byte[] bytes, Provenance provenance) {}

    private static final int SEEN = 64;
    private static final AtomicReferenceArray<@Nullable Seen> LATELY =
        new AtomicReferenceArray<>(SEEN);

    static Provenance read(byte[] bytes) {
      int hash = Arrays.hashCode(bytes);
      int place = (hash ^ (hash >>> 16)) & (SEEN - 1);
      var last = LATELY.get(place);
      if (last != null && Arrays.equals(last.bytes, bytes)) {
        return last.provenance;
      }
      if (!(Json.parse(bytes) instanceof Json.Obj json)) {
        throw new MalformedBytes("body: an object was expected");
      }
      var provenance = decode(json);
      LATELY.set(place, new Seen(bytes, provenance));
      return provenance;
    }

    static Provenance decode(Json.Obj json) {
      var sourceTime = text(json, "sourceTime");
      var lastConfirmed = text(json, "lastConfirmed");
      var parent = text(json, "parent");
      return new Provenance(
          text(json, "session"),
          text(json, "tool"),
          text(json, "source"),
          sourceTime == null ? null : Instant.parse(sourceTime),
          text(json, "method"),
          json.get("confidence") instanceof Json.Num(var confidence) ? confidence : null,
          lastConfirmed == null ? null : Instant.parse(lastConfirmed),
          parent == null ? null : UUID.fromString(parent));
    }

    private static @Nullable String text(Json.Obj json, String name) {
      return json.get(name) instanceof Json.Str(var text) ? text : null;
    }
  }
}
