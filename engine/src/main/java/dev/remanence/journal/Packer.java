package dev.remanence.journal;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdDictCompress;
import com.github.luben.zstd.ZstdDictDecompress;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// Packs bodies with zstd and a dictionary. Dictionary 0 means as is, 1 is built in, greater ones
/// are the store's own.
///
/// The dictionaries are shared; a [Bench] holds the working memory of one thread at a time.
final class Packer {
  static final int PLAIN = 0;
  static final int BUILT_IN = 1;

  /// No body of ours unpacks to more: content, metadata, a vector and names at their limits.
  private static final int BODY_BYTES_MAX = 4 << 20;

  private static final int LEVEL = 3;
  private static final int PACKED_FROM_BYTES = 48;

  private final Map<Integer, byte[]> bytes = new ConcurrentHashMap<>();
  private final Map<Integer, ZstdDictDecompress> unpacking = new ConcurrentHashMap<>();
  private volatile ZstdDictCompress packing;
  private volatile int current = BUILT_IN;

  Packer() {
    var builtIn = builtIn();
    bytes.put(BUILT_IN, builtIn);
    unpacking.put(BUILT_IN, new ZstdDictDecompress(builtIn));
    packing = new ZstdDictCompress(builtIn, LEVEL);
  }

  static byte[] builtIn() {
    try (var in = Packer.class.getResourceAsStream("dictionary.txt")) {
      return Objects.requireNonNull(in, "dictionary.txt").readAllBytes();
    } catch (IOException e) {
      throw new AssertionError("a resource of ours can be read", e);
    }
  }

  /// Makes a dictionary known and, being the newest, the one that packs from now on.
  void add(int id, byte[] dictionary) {
    bytes.put(id, dictionary);
    unpacking.put(id, new ZstdDictDecompress(dictionary));
    if (id >= current) {
      packing = new ZstdDictCompress(dictionary, LEVEL);
      current = id;
    }
  }

  /// The store's own dictionaries, by id.
  Map<Integer, byte[]> ownDictionaries() {
    var own = new TreeMap<>(bytes);
    own.remove(BUILT_IN);
    return own;
  }

  void useBuiltIn() {
    packing = new ZstdDictCompress(builtIn(), LEVEL);
    current = BUILT_IN;
  }

  /// Forgets a dictionary that nothing is packed with any more. Its native memory goes with the
  /// garbage collector, because a reader may still hold it.
  void remove(int id) {
    bytes.remove(id);
    unpacking.remove(id);
  }

  int current() {
    return current;
  }

  /// A body as it is stored, and with which dictionary.
  record Packed(int dictionary, byte[] bytes) {}

  /// The contexts of one thread at a time.
  final class Bench implements AutoCloseable {
    private final ZstdCompressCtx compress = new ZstdCompressCtx();
    private final ZstdDecompressCtx decompress = new ZstdDecompressCtx();

    Bench() {
      compress.setLevel(LEVEL).setChecksum(false).setDictID(false).setContentSize(true);
    }

    Packed pack(byte[] body) {
      if (body.length < PACKED_FROM_BYTES) {
        return new Packed(PLAIN, body);
      }
      int dictionary = current;
      compress.loadDict(packing);
      var packed = compress.compress(body);
      return packed.length < body.length ? new Packed(dictionary, packed) : new Packed(PLAIN, body);
    }

    /// Throws [MalformedBytes] where the bytes were not packed by this dictionary.
    byte[] unpack(int dictionary, byte[] packed) {
      if (dictionary == PLAIN) {
        return packed;
      }
      var known = unpacking.get(dictionary);
      if (known == null) {
        throw new MalformedBytes("dictionary=" + dictionary + " is not known");
      }
      try {
        long size = Zstd.getFrameContentSize(packed);
        if (size < 0 || size > BODY_BYTES_MAX) {
          throw new MalformedBytes("packed body: size=" + size);
        }
        decompress.loadDict(known);
        var body = decompress.decompress(packed, (int) size);
        if (body.length != size) {
          throw new MalformedBytes("packed body: size=" + body.length + ", expected=" + size);
        }
        return body;
      } catch (ZstdException e) {
        throw new MalformedBytes("packed body: " + e.getMessage());
      }
    }

    @Override
    public void close() {
      compress.close();
      decompress.close();
    }
  }
}
