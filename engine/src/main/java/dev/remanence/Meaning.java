package dev.remanence;

import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.embed.Embedder;
import dev.remanence.embed.Embedders;
import dev.remanence.image.Images;
import dev.remanence.image.View;
import dev.remanence.journal.Body;
import dev.remanence.journal.Entry;
import dev.remanence.journal.Reader;
import dev.remanence.journal.SqliteJournal;
import dev.remanence.journal.VectorTable;
import dev.remanence.recall.Inquiry.Sense;
import dev.remanence.recall.Passage;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The store's vectors: of what is being remembered, of a question, and, through [MissingVectors],
/// of what has none. A failed embedder never fails a write or a question: [EmbedderInUse].
///
/// As long as a scope lacks vectors of the model in use, questions to it are also embedded with the
/// models whose vectors it has, if those run in this process. Thread-safe.
final class Meaning implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("dev.remanence");

  /// Of models that are not known here.
  private static final double GIVEN_SPREAD = 0.1;

  private final @Nullable EmbedderInUse main;
  private final @Nullable MissingVectors missing;

  /// Models whose vectors are still in use, opened when a question needs them. Guarded by itself.
  private final Map<String, @Nullable EmbedderInUse> former = new HashMap<>();

  /// @param arrived is told whose vectors came later than their contents
  Meaning(
      SqliteJournal journal, Images images, @Nullable Embedder embedder, Consumer<UUID> arrived) {
    main = embedder == null ? null : new EmbedderInUse(embedder);
    missing =
        main == null ? null : new MissingVectors(journal, images, main, arrived, this::closeFormer);
  }

  /// What is to be embedded: a content and the turn that it follows.
  record Text(Body.Content content, Body.@Nullable Content before) {
    List<String> passages() {
      return Passage.embedded(content, before);
    }
  }

  boolean isOn() {
    return main != null;
  }

  // What is written

  /// Embeds texts; null for all where it cannot be done now.
  @Nullable List<VectorTable.Computed> embed(List<Text> texts) {
    return main == null ? null : main.tryToEmbed(texts);
  }

  /// Begins, after a while, with what was left when the store was closed or crashed.
  void start() {
    if (missing != null) {
      missing.start();
    }
  }

  /// Says that something has no vector: it will have one soon.
  void later() {
    if (missing != null) {
      missing.later();
    }
  }

  /// Embeds what has no vector, and waits. Answers how many contents were embedded.
  long complete(Remanence.Progress progress) {
    return missing == null ? 0 : missing.complete(progress);
  }

  /// Deletes the vectors of former models, if nothing needs them any more. Answers how many.
  long dropFormer() {
    return missing == null ? 0 : missing.dropFormer();
  }

  /// How many contents have no vector of the model in use, nor one that was given.
  MissingVectors.Lacking lacking() {
    return missing == null ? new MissingVectors.Lacking(0, 0) : missing.lacking();
  }

  // Questions

  /// The question as each model sees it that is needed in these scopes.
  Map<String, Sense> ask(String question, float @Nullable [] given, List<View> views) {
    var vectors = new LinkedHashMap<String, Sense>();
    if (given != null) {
      vectors.put(View.GIVEN, new Sense(unit(given), GIVEN_SPREAD));
    }
    vectors.putAll(byModel(views, asked -> asked.sense(question)));
    return vectors;
  }

  /// A text's vectors, one a piece, by each model that is needed in these scopes.
  Map<String, List<float[]>> of(String text, List<View> views) {
    if (main == null) {
      throw new InvalidInput(
          "nothing here understands text without its words: the store was opened without an"
              + " embedder; give a vector or an id, or choose an embedder",
          "field",
          "text");
    }
    var pieces = Passage.embedded(new Body.Content(text, null, null, null), null);
    var vectors = new LinkedHashMap<String, List<float[]>>();
    vectors.put(main.model(), main.passages(pieces));
    vectors.putAll(byFormer(views, asked -> asked.passages(pieces)));
    return vectors;
  }

  private <T> Map<String, T> byModel(List<View> views, Function<EmbedderInUse, T> embedding) {
    if (main == null || !hasVectors(views)) {
      return Map.of();
    }
    var vectors = new LinkedHashMap<String, T>();
    try {
      if (!main.isAway() && isUsed(main.model(), views)) {
        vectors.put(main.model(), embedding.apply(main));
      }
    } catch (RemanenceException e) {
      main.failed("a question is answered without its meaning: ", e);
    }
    vectors.putAll(byFormer(views, embedding));
    return vectors;
  }

  /// Asks the models that are not in use any more, where their vectors are all that there is.
  private <T> Map<String, T> byFormer(List<View> views, Function<EmbedderInUse, T> embedding) {
    var vectors = new LinkedHashMap<String, T>();
    var current = Objects.requireNonNull(main).model();
    for (var view : views) {
      for (var known : view.vectors()) {
        var model = known.model();
        if (!model.equals(current)
            && !model.equals(View.GIVEN)
            && !vectors.containsKey(model)
            && view.lacks(current)) {
          var asked = former(model);
          try {
            if (asked != null) {
              vectors.put(model, embedding.apply(asked));
            }
          } catch (RemanenceException e) {
            LOG.log(
                System.Logger.Level.WARNING,
                "vectors of the model " + model + " cannot be asked: " + e.getMessage());
          }
        }
      }
    }
    return vectors;
  }

  private @Nullable EmbedderInUse former(String model) {
    synchronized (former) {
      if (!former.containsKey(model)) {
        var embedder = Embedders.ofModel(model, null);
        former.put(model, embedder == null ? null : new EmbedderInUse(embedder));
      }
      return former.get(model);
    }
  }

  /// Gives back what former models hold. One that is needed after all is opened again.
  private void closeFormer() {
    synchronized (former) {
      for (var asked : former.values()) {
        if (asked != null) {
          asked.close();
        }
      }
      former.clear();
    }
  }

  private static boolean hasVectors(List<View> views) {
    return views.stream()
        .flatMap(view -> view.vectors().stream())
        .anyMatch(vectors -> !vectors.model().equals(View.GIVEN));
  }

  private static boolean isUsed(String model, List<View> views) {
    return views.stream()
        .flatMap(view -> view.vectors().stream())
        .anyMatch(vectors -> vectors.model().equals(model));
  }

  /// The vectors that a content has, by model.
  static Map<String, List<float[]>> stored(Reader reader, Entry holder) throws SQLException {
    var vectors = new HashMap<String, List<float[]>>();
    for (var each : VectorTable.of(reader, holder.pos())) {
      vectors.computeIfAbsent(each.model(), _ -> new ArrayList<>()).add(unit(each.numbers()));
    }
    var body = holder.decoded();
    if (body != null && body.content() != null && body.content().vector() != null) {
      vectors.put(View.GIVEN, List.of(unit(body.content().vector())));
    }
    return vectors;
  }

  /// Forgets the questions that were asked: one may hold the words of what was erased.
  void forgetQuestions() {
    if (main != null) {
      main.forgetQuestions();
    }
    synchronized (former) {
      for (var asked : former.values()) {
        if (asked != null) {
          asked.forgetQuestions();
        }
      }
    }
  }

  static float[] unit(float[] vector) {
    double square = 0;
    for (float number : vector) {
      square += (double) number * number;
    }
    var unit = vector.clone();
    for (int i = 0; i < unit.length && square > 0; i++) {
      unit[i] = (float) (unit[i] / Math.sqrt(square));
    }
    return unit;
  }

  /// Ends the work; what was not done is found missing at the next opening.
  @Override
  public void close() {
    if (missing != null) {
      missing.close();
    }
    closeFormer();
    if (main != null) {
      main.close();
    }
  }
}
