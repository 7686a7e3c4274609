package dev.remanence.bench;

import dev.remanence.Draft;
import dev.remanence.Json;
import dev.remanence.Kind;
import dev.remanence.OpenOptions;
import dev.remanence.Provenance;
import dev.remanence.Query;
import dev.remanence.Remanence;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How well does recall find the turns of a conversation that answer a question?
///
/// Reads conversations in the form of LoCoMo: each is a scope (or all are one, when pooled), each
/// turn a memory with its speaker, its session and the session's date. A question's evidence is
/// known; a figure is the mean over questions. Categories 1 to 4; 5 has no answer and stands apart.
///
/// Run by `bench/quality FILE [SETTING=VALUE …]`.
final class RecallQuality {
  private static final Pattern TURN = Pattern.compile("D(\\d+):(\\d+)");
  private static final DateTimeFormatter WHEN =
      DateTimeFormatter.ofPattern("h:mm a 'on' d MMMM, yyyy", Locale.ENGLISH);
  private static final String[] CATEGORIES = {
    "all", "multi-hop", "temporal", "open-domain", "single-hop", "no answer"
  };
  private static final int DEPTH = 20;
  private static final int RESAMPLES = 1000;

  private final Remanence store;
  private final List<Asked> asked = new ArrayList<>();

  private RecallQuality(Remanence store) {
    this.store = store;
  }

  /// A question, where it is asked, and the memories that answer it.
  private record Asked(String scope, String text, int category, Set<UUID> evidence) {}

  /// One question's figures.
  record Figures(int category, double at1, double at5, double at10, double ndcg, double rank) {
    double get(int column) {
      return switch (column) {
        case 0 -> at1;
        case 1 -> at5;
        case 2 -> at10;
        case 3 -> ndcg;
        default -> rank;
      };
    }
  }

  public static void main(String[] arguments) throws IOException {
    var file = Path.of(arguments[0]);
    var directory = Path.of(arguments[1]);
    boolean pooled = Arrays.asList(arguments).contains("pooled");
    try (var store = Remanence.open(directory, OpenOptions.DEFAULT.tool("quality"))) {
      var quality = new RecallQuality(store);
      long start = System.nanoTime();
      quality.remember(Json.parse(Files.readString(file, StandardCharsets.UTF_8)), pooled);
      System.out.printf(
          Locale.ROOT,
          "%d questions; remembered in %.1f s%n",
          quality.asked.size(),
          (System.nanoTime() - start) / 1e9);
      print(System.out, quality.ask());
    }
  }

  private void remember(Json conversations, boolean pooled) {
    int number = 0;
    for (var each : ((Json.Arr) conversations).items()) {
      var conversation = (Json.Obj) each;
      var id = conversation.string("sample_id");
      var scope = pooled ? "pooled" : "locomo/" + id;
      var turns =
          turns(
              (Json.Obj) java.util.Objects.requireNonNull(conversation.get("conversation")),
              scope,
              number);
      for (var question : items(conversation, "qa")) {
        var evidence = new LinkedHashSet<UUID>();
        for (var name : items(question, "evidence")) {
          var matcher = TURN.matcher(name instanceof Json.Str(var text) ? text : "");
          while (matcher.find()) {
            var turn = turns.get(matcher.group());
            if (turn != null) {
              evidence.add(turn);
            }
          }
        }
        var text = ((Json.Obj) question).string("question");
        var category = ((Json.Obj) question).number("category");
        if (!evidence.isEmpty() && text != null && category != null) {
          asked.add(new Asked(scope, text, (int) category.value(), evidence));
        }
      }
      number++;
    }
  }

  private static List<Json> items(Json object, String field) {
    var array = ((Json.Obj) object).array(field);
    return array == null ? List.of() : array.items();
  }

  /// Remembers a conversation's turns, unless the store has them from an earlier run, and answers
  /// them by name.
  private Map<String, UUID> turns(Json.Obj conversation, String scope, int number) {
    var ids = new HashMap<String, UUID>();
    for (int session = 1;
        conversation.get("session_" + session + "_date_time") != null;
        session++) {
      var at = when(conversation.string("session_" + session + "_date_time"));
      var drafts = new ArrayList<Draft>();
      for (var item : items(conversation, "session_" + session)) {
        var turn = (Json.Obj) item;
        var caption = turn.string("blip_caption");
        var text = turn.string("text") + (caption == null ? "" : " [shares " + caption + "]");
        var name = String.valueOf(turn.string("dia_id"));
        var id = UUID.nameUUIDFromBytes((scope + number + name).getBytes(StandardCharsets.UTF_8));
        ids.put(name, id);
        drafts.add(
            Draft.of(text)
                .id(id)
                .kind(Kind.EPISODIC)
                .speaker(turn.string("speaker"))
                .at(at)
                .provenance(
                    new Provenance(
                        "c" + number + "-session-" + session,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null)));
      }
      if (!drafts.isEmpty()) {
        store.rememberAll(scope, drafts);
      }
    }
    return ids;
  }

  private static @Nullable Instant when(@Nullable String text) {
    return text == null
        ? null
        : LocalDateTime.parse(text.replace("am", "AM").replace("pm", "PM"), WHEN)
            .toInstant(ZoneOffset.UTC);
  }

  private List<Figures> ask() {
    var figures = new ArrayList<Figures>();
    long nanos = 0;
    for (var each : asked) {
      long start = System.nanoTime();
      var found = store.recall(each.scope, Query.of(each.text).limit(DEPTH).inherit(false));
      nanos += System.nanoTime() - start;
      var ids = found.hits().stream().map(hit -> hit.memory().id()).toList();
      figures.add(figures(each.category, ids, each.evidence));
    }
    System.out.printf(Locale.ROOT, "%.2f ms a question%n", nanos / 1e6 / asked.size());
    return figures;
  }

  private static Figures figures(int category, List<UUID> found, Collection<UUID> evidence) {
    double gain = 0;
    double ideal = 0;
    double rank = 0;
    for (int i = 0; i < found.size(); i++) {
      if (evidence.contains(found.get(i))) {
        rank = rank == 0 ? 1.0 / (i + 1) : rank;
        gain += i < 10 ? discount(i) : 0;
      }
    }
    for (int i = 0; i < Math.min(10, evidence.size()); i++) {
      ideal += discount(i);
    }
    return new Figures(
        category,
        within(found, evidence, 1),
        within(found, evidence, 5),
        within(found, evidence, 10),
        gain / ideal,
        rank);
  }

  private static double discount(int place) {
    return Math.log(2) / Math.log(place + 2);
  }

  private static double within(List<UUID> found, Collection<UUID> evidence, int first) {
    long hits = found.stream().limit(first).filter(evidence::contains).count();
    return (double) hits / evidence.size();
  }

  private static void print(PrintStream out, List<Figures> figures) {
    var groups = new LinkedHashMap<String, List<Figures>>();
    groups.put(CATEGORIES[0], figures.stream().filter(each -> each.category < 5).toList());
    for (int category = 1; category <= 5; category++) {
      int wanted = category;
      groups.put(
          CATEGORIES[category], figures.stream().filter(each -> each.category == wanted).toList());
    }
    out.println("| questions | n | R@1 | R@5 | R@10 | 95 % | NDCG@10 | 95 % | MRR |");
    out.println("|---|---|---|---|---|---|---|---|---|");
    groups.forEach((name, group) -> {
      if (!group.isEmpty()) {
        out.printf(
            Locale.ROOT,
            "| %s | %d | %.1f | %.1f | **%.1f** | %s | **%.1f** | %s | %.1f |%n",
            name,
            group.size(),
            mean(group, 0),
            mean(group, 1),
            mean(group, 2),
            interval(group, 2),
            mean(group, 3),
            interval(group, 3),
            mean(group, 4));
      }
    });
  }

  private static double mean(List<Figures> group, int column) {
    return 100 * group.stream().mapToDouble(each -> each.get(column)).average().orElse(0);
  }

  /// A bootstrap interval over questions, the same at every run.
  private static String interval(List<Figures> group, int column) {
    var random = new SplittableRandom(1);
    var means = new double[RESAMPLES];
    for (int i = 0; i < RESAMPLES; i++) {
      double sum = 0;
      for (int n = 0; n < group.size(); n++) {
        sum += group.get(random.nextInt(group.size())).get(column);
      }
      means[i] = 100 * sum / group.size();
    }
    Arrays.sort(means);
    return String.format(
        Locale.ROOT, "%.1f–%.1f", means[RESAMPLES / 40], means[RESAMPLES - RESAMPLES / 40 - 1]);
  }
}
