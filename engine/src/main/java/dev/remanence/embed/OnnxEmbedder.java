package dev.remanence.embed;

import dev.remanence.Json;
import dev.remanence.RemanenceException.Unavailable;
import dev.remanence.unpack.Unpacked;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// A known model on ONNX Runtime: the network runs in native code, as many calls at once as turns.
final class OnnxEmbedder implements Embedder {
  private final Model model;
  private final Unpacked unpacked;
  private final Turns turns;

  /// Set once, by whoever calls first, under the monitor.
  private volatile @Nullable Loaded loaded;

  OnnxEmbedder(Model model, Unpacked unpacked, int callsAtOnce) {
    this.model = model;
    this.unpacked = unpacked;
    turns = new Turns(callsAtOnce);
  }

  @Override
  public String model() {
    return model.id();
  }

  @Override
  public int dimension() {
    return model.dimension();
  }

  @Override
  public double spread() {
    return model.spread();
  }

  @Override
  public float[] embedQuery(String question) {
    return turns.question(() -> vector(model.queryPrefix() + question));
  }

  @Override
  public float[] embedPassage(String text) {
    return turns.passage(() -> vector(model.passagePrefix() + text));
  }

  @Override
  public List<float[]> embedPassages(List<String> texts) {
    try (var callers = Executors.newFixedThreadPool(turns.width(), Thread.ofVirtual().factory())) {
      var waiting = new ArrayList<Future<float[]>>(texts.size());
      for (var text : texts) {
        waiting.add(callers.submit(() -> embedPassage(text)));
      }
      var vectors = new ArrayList<float[]>(texts.size());
      try {
        for (var vector : waiting) {
          vectors.add(Turns.await(vector));
        }
      } finally {
        callers.shutdownNow();
      }
      return vectors;
    }
  }

  private float[] vector(String text) {
    var current = load();
    return current.session.vector(current.wordPiece.encode(text, model.tokensMax()));
  }

  /// Loads library and model unless they are; afterwards calls only compute.
  Loaded load() {
    var current = loaded;
    return current != null ? current : loadOnce();
  }

  private synchronized Loaded loadOnce() {
    var current = loaded;
    if (current == null) {
      var network = resource(model.resource());
      var wordPiece = WordPiece.of(tokenizer());
      useLibraryOutsideModules();
      current = Native.open(unpacked, network, model, wordPiece);
      loaded = current;
    }
    return current;
  }

  private URL resource(String name) {
    var loader = OnnxEmbedder.class.getClassLoader();
    var found = loader == null ? null : loader.getResource(name);
    if (found == null) {
      throw new Unavailable(
          "the model "
              + model.setting()
              + " is not on the class path; add the artifact "
              + model.artifact()
              + " (none of its own dependencies is needed)",
          null,
          "model",
          model.setting(),
          "artifact",
          model.artifact());
    }
    return found;
  }

  private Json tokenizer() {
    try (var in = Unpacked.open(resource(model.tokenizer()))) {
      var bytes = in.readAllBytes();
      if (!Unpacked.sha256(new ByteArrayInputStream(bytes)).equals(model.tokenizerSha256())) {
        throw new Unavailable(
            model.tokenizer() + " is not the file that this version of Remanence was made with",
            null,
            "file",
            model.tokenizer());
      }
      return Json.parse(bytes);
    } catch (IOException e) {
      throw new Unavailable("cannot read " + model.tokenizer() + ": " + e, e);
    }
  }

  /// Lets this module, where it is one, use an ONNX Runtime that lies on the class path.
  private static void useLibraryOutsideModules() {
    var module = OnnxEmbedder.class.getModule();
    var loader = OnnxEmbedder.class.getClassLoader();
    if (module.isNamed() && loader != null) {
      module.addReads(loader.getUnnamedModule());
    }
  }

  @Override
  public void close() {
    turns.close(() -> {
      var current = loaded;
      if (current != null) {
        current.session.close();
      }
    });
  }

  record Loaded(WordPiece wordPiece, OnnxSession session) {}

  /// Stands between us and ONNX Runtime's classes: whether they are there shows when it is entered.
  private static final class Native {
    static Loaded open(Unpacked unpacked, URL network, Model model, WordPiece wordPiece) {
      try {
        var environment = OnnxLibrary.load(unpacked);
        var file =
            unpacked.pinned(
                network,
                model.id() + "-" + model.sha256().substring(0, 8) + ".onnx",
                model.sha256());
        return new Loaded(wordPiece, OnnxSession.open(environment, file, model));
      } catch (LinkageError e) {
        throw new Unavailable(
            "ONNX Runtime is not on the class path; add the artifact"
                + " com.microsoft.onnxruntime:onnxruntime:1.28.0",
            e,
            "artifact",
            "com.microsoft.onnxruntime:onnxruntime:1.28.0");
      }
    }
  }
}
