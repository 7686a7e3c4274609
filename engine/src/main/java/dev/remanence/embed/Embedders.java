package dev.remanence.embed;

import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.unpack.Unpacked;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// From a setting to an embedder. Nothing is loaded, unpacked or asked here; that happens at the
/// embedder's first call.
///
/// | setting | embedder |
/// |---|---|
/// | `auto` | `e5-small-v2`, or `static` where native code cannot be used |
/// | `e5-small-v2`, `minilm`, `bge-small` | a model on ONNX Runtime |
/// | `static` | the built-in word table, plain Java |
/// | `openai:URL#MODEL`, `ollama:URL#MODEL` | a server, see `Endpoint` |
/// | `none` | none: words alone |
public final class Embedders {
  public static final String DEFAULT = "auto";

  private Embedders() {}

  /// The embedder that a setting names.
  ///
  /// @param setting one of the table
  /// @param directory where models and libraries are unpacked; null for the user's cache
  /// @param random spreads the retries of servers' callers
  /// @return null for `none`
  public static @Nullable Embedder open(
      String setting, @Nullable Path directory, RandomGenerator random) {
    int callsAtOnce = Runtime.getRuntime().availableProcessors();
    for (var shape : Endpoint.Shape.values()) {
      if (setting.startsWith(shape.prefix + ":")) {
        return HttpEmbedder.of(
            Endpoint.parse(shape, setting.substring(shape.prefix.length() + 1)), random);
      }
    }
    for (var model : Model.ALL) {
      if (setting.equals(model.setting())) {
        return new OnnxEmbedder(model, unpacked(directory), callsAtOnce);
      }
    }
    return switch (setting) {
      case DEFAULT ->
          new FirstUsable(
              new OnnxEmbedder(Model.E5_SMALL_V2, unpacked(directory), callsAtOnce),
              new StaticEmbedder());
      case "static" -> new StaticEmbedder();
      case "none" -> null;
      default ->
          throw new InvalidInput(
              "the embedder is auto, "
                  + Model.ALL.stream().map(Model::setting).collect(Collectors.joining(", "))
                  + ", static, none, openai:URL#MODEL or ollama:URL#MODEL",
              "field",
              "embedder");
    };
  }

  /// The embedder that made a model's vectors, if it runs in this process.
  ///
  /// @param model as [Embedder#model] names it
  /// @param directory where models and libraries are unpacked; null for the user's cache
  public static @Nullable Embedder ofModel(String model, @Nullable Path directory) {
    for (var known : Model.ALL) {
      if (model.equals(known.id())) {
        return new OnnxEmbedder(
            known, unpacked(directory), Runtime.getRuntime().availableProcessors());
      }
    }
    var table = new StaticEmbedder();
    return model.startsWith(StaticEmbedder.NAME) && model.equals(table.model()) ? table : null;
  }

  private static Unpacked unpacked(@Nullable Path directory) {
    return directory == null ? Unpacked.ofUser() : new Unpacked(directory);
  }
}
