package dev.remanence.embed;

import dev.remanence.RemanenceException.Unavailable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The tier without native code: a text's vector is the sum of its pieces' vectors, each of which a
/// table holds ready, the frequent ones small. It knows words, not sentences.
///
/// Any number of calls run at once; the table is read at the first.
final class StaticEmbedder implements Embedder {
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
      // Nothing that the table knows: all such texts lie at one place.
      current.table.add(words.unknown(), sum);
      boolean scaled = UnitLength.scale(sum);
      assert scaled;
    }
    return sum;
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
      var model =
          "static-minilm-" + table.dimension() + "-" + table.print().substring(0, PRINT_CHARS);
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
