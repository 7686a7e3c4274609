package dev.remanence.embed;

import dev.remanence.RemanenceException.Unavailable;
import java.io.IOException;
import java.util.Locale;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// The tier without native code: a text's vector is the sum of its pieces' vectors, each of which a
/// table holds ready, the frequent ones small. It knows words, not sentences.
///
/// Any number of calls run at once; the table is read at the first.
final class StaticEmbedder implements Embedder {
  static final String NAME = "static-minilm-";
  private static final String TABLE = "static.table";
  private static final int PIECES_MAX = 2048;
  private static final int PRINT_CHARS = 8;

  private volatile @Nullable Loaded loaded;
  private volatile boolean closed;

  @Override
  public String model() {
    return load().model;
  }

  @Override
  public int dimension() {
    return load().table.dimension();
  }

  @Override
  public double spread() {
    return 0.4;
  }

  @Override
  public float[] embedQuery(String question) {
    return vector(question);
  }

  @Override
  public float[] embedPassage(String text) {
    return vector(text);
  }

  private float[] vector(String text) {
    if (closed) {
      throw Turns.closed();
    }
    var current = load();
    var words = current.words;
    var sum = new float[current.table.dimension()];
    for (int id : words.pieces(text, PIECES_MAX)) {
      if (id != words.unknown()) {
        current.table.add(id, sum);
      }
    }
    if (!UnitLength.scale(sum)) {
      addUnknown(text, sum);
      boolean scaled = UnitLength.scale(sum);
      assert scaled;
    }
    return sum;
  }

  /// Nothing that the table knows: each word has a direction of its own, so that such texts lie
  /// near each other if they share words, and not because they are unknown.
  private static void addUnknown(String text, float[] sum) {
    for (var word : text.strip().toLowerCase(Locale.ROOT).split("\\s+", PIECES_MAX)) {
      var random = new SplittableRandom(word.hashCode());
      for (int i = 0; i < sum.length; i++) {
        sum[i] += (float) random.nextGaussian();
      }
    }
  }

  private Loaded load() {
    var current = loaded;
    return current != null ? current : loadOnce();
  }

  private synchronized Loaded loadOnce() {
    var current = loaded;
    if (current == null) {
      current = read();
      loaded = current;
    }
    return current;
  }

  private static Loaded read() {
    try (var in = StaticEmbedder.class.getResourceAsStream(TABLE)) {
      if (in == null) {
        throw new Unavailable("this build of Remanence lacks its static table", null);
      }
      var table = StaticTable.read(in);
      var model = NAME + table.dimension() + "-" + table.print().substring(0, PRINT_CHARS);
      return new Loaded(model, table, WordPiece.of(table.pieces()));
    } catch (IOException e) {
      throw new Unavailable("the static table cannot be read: " + e, e);
    }
  }

  @Override
  public void close() {
    closed = true;
  }

  private record Loaded(String model, StaticTable table, WordPiece words) {}
}
