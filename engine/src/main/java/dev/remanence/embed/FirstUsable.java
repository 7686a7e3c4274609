package dev.remanence.embed;

import dev.remanence.RemanenceException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A model on ONNX Runtime, or the static table where that cannot be had: no platform library, no
/// jar, no place to unpack. Which of the two it is shows at the first call, is said once in the
/// log, and stays.
final class FirstUsable implements Embedder {
  private static final System.Logger LOG = System.getLogger(FirstUsable.class.getName());

  private final OnnxEmbedder wanted;
  private final StaticEmbedder instead;

  /// Set once, under the monitor.
  private volatile @Nullable Embedder chosen;

  FirstUsable(OnnxEmbedder wanted, StaticEmbedder instead) {
    this.wanted = wanted;
    this.instead = instead;
  }

  private Embedder chosen() {
    var current = chosen;
    return current != null ? current : choose();
  }

  private synchronized Embedder choose() {
    var current = chosen;
    if (current == null) {
      try {
        wanted.load();
        current = wanted;
      } catch (RemanenceException e) {
        LOG.log(
            System.Logger.Level.WARNING,
            "{0}. Meaning is found by the built-in word table instead, which is weaker; set the"
                + " embedder to `static` if that is meant.",
            e.getMessage());
        current = instead;
      }
      chosen = current;
    }
    return current;
  }

  @Override
  public String model() {
    return chosen().model();
  }

  @Override
  public int dimension() {
    return chosen().dimension();
  }

  @Override
  public double spread() {
    return chosen().spread();
  }

  @Override
  public float[] embedQuery(String question) {
    return chosen().embedQuery(question);
  }

  @Override
  public float[] embedPassage(String text) {
    return chosen().embedPassage(text);
  }

  @Override
  public List<float[]> embedPassages(List<String> texts) {
    return chosen().embedPassages(texts);
  }

  @Override
  public void close() {
    wanted.close();
    instead.close();
  }
}
