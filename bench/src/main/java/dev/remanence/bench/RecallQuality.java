package dev.remanence.bench;

import dev.remanence.Draft;
import dev.remanence.Json;
import dev.remanence.Kind;
import dev.remanence.Laboratory;
import dev.remanence.OpenOptions;
import dev.remanence.Provenance;
import dev.remanence.Query;
import dev.remanence.Recall;
import dev.remanence.Remanence;
import dev.remanence.recall.Blend;
import dev.remanence.recall.Prior;
import java.io.IOException;
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
import java.util.Objects;
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
/// What a part of the score is worth shows when it is left out; what the past is worth, in
/// [PastQuality].
///
/// Run by `bench/quality FILE`, which writes `docs/recall-quality.md`.
final class RecallQuality {
  private static final Pattern TURN = Pattern.compile("D(\\d+):(\\d+)");
  private static final DateTimeFormatter WHEN =
      DateTimeFormatter.ofPattern("h:mm a 'on' d MMMM, yyyy", Locale.ENGLISH);
  private static final String[] CATEGORIES = {
    "all", "multi-hop", "temporal", "open-domain", "single-hop", "no answer"
  };
  private static final int DEPTH = 20;
  private static final int RESAMPLES = 1000;

  private static final String POOLED = "pooled";

  /// Questions whose latency is taken.
  private static final int TIMED = 200;

  private final Remanence store;
  private final StringBuilder out = new StringBuilder();

  private RecallQuality(Remanence store) {
    this.store = store;
  }

  /// A way to make scores.
  private record Arm(String name, Blend blend) {}

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
    var directory = Path.of(arguments[1]);
    var options = OpenOptions.DEFAULT.tool("quality");
    try (var store = Remanence.open(directory.resolve("conversations"), options)) {
      var quality = new RecallQuality(store);
      var file = Json.parse(Files.readString(Path.of(arguments[0]), StandardCharsets.UTF_8));
      quality.run((Json.Arr) file, options.embedder());
      quality.line("");
      quality.line("%s", PastQuality.run(directory.resolve("past"), options));
      System.out.println(quality.out);
      Files.writeString(Path.of(arguments[2]), quality.out);
    }
  }

  private void run(Json.Arr conversations, String embedder) throws IOException {
    long start = System.nanoTime();
    var apart = remember(conversations, false);
    var pooled = remember(conversations, true);
    System.out.printf(
        "%d questions; remembered in %.1f s%n", apart.size(), (System.nanoTime() - start) / 1e9);
    line("# How well recall finds");
    line("");
    line(
        "Written by `bench/quality FILE` on %s with the embedder `%s`; change the code, not the"
            + " tables. FILE holds conversations in the form of LoCoMo (%d of them here, for"
            + " development: weights were chosen on them, so they say less than conversations never"
            + " seen). A turn is a memory; R@k is the part of a question's evidence in the first k."
            + " Intervals are 95 %% of %d resamples of the questions.",
        Machine.date(), embedder, conversations.items().size(), RESAMPLES);
    var whole = ask(apart, Blend.DEFAULT);
    var wholePooled = ask(pooled, Blend.DEFAULT);
    table("Each conversation in a scope of its own", whole);
    table("All conversations in one scope", wholePooled);
    ablations(apart, pooled, answerable(whole), answerable(wholePooled));
    latency(pooled);
  }

  private static List<Arm> arms() {
    var arms = new ArrayList<Arm>();
    var all = Blend.DEFAULT;
    arms.add(new Arm("words only", new Blend(1, 0, all.priors())));
    arms.add(new Arm("vectors only", new Blend(0, 1, all.priors())));
    arms.add(new Arm("no priors", all.without(Prior.values())));
    arms.add(new Arm("words only, no priors", new Blend(1, 0, Set.of())));
    arms.add(new Arm("vectors only, no priors", new Blend(0, 1, Set.of())));
    for (var prior : Prior.values()) {
      var name = prior.name().toLowerCase(Locale.ROOT).replace('_', ' ');
      arms.add(new Arm("without " + name, all.without(prior)));
    }
    return arms;
  }

  /// What each part of the score is worth.
  private void ablations(
      List<Asked> apart, List<Asked> pooled, List<Figures> whole, List<Figures> wholePooled) {
    line("");
    line("## What each part is worth");
    line("");
    line(
        "Questions with an answer. Differences are to the whole of the first row, question by"
            + " question; an interval that holds 0 shows nothing.");
    line("");
    line(
        "| | R@10 | difference | NDCG@10 | difference | pooled R@10 | difference | pooled NDCG@10 |"
            + " difference |");
    line("|---|--:|--:|--:|--:|--:|--:|--:|--:|");
    line(
        "| all of it | **%.1f** | | **%.1f** | | **%.1f** | | **%.1f** | |",
        mean(whole, 2), mean(whole, 3), mean(wholePooled, 2), mean(wholePooled, 3));
    for (var arm : arms()) {
      System.out.println("asking: " + arm.name);
      var found = answerable(ask(apart, arm.blend));
      var foundPooled = answerable(ask(pooled, arm.blend));
      line(
          "| %s | %s | %s | %s | %s |",
          arm.name,
          compared(found, whole, 2),
          compared(found, whole, 3),
          compared(foundPooled, wholePooled, 2),
          compared(foundPooled, wholePooled, 3));
    }
  }

  private static List<Figures> answerable(List<Figures> figures) {
    return figures.stream().filter(each -> each.category < 5).toList();
  }

  private static String compared(List<Figures> found, List<Figures> whole, int column) {
    var differences = new double[found.size()];
    for (int i = 0; i < differences.length; i++) {
      differences[i] = found.get(i).get(column) - whole.get(i).get(column);
    }
    double mean = 100 * Arrays.stream(differences).average().orElse(0);
    return String.format(
        Locale.ROOT, "%.1f | %+.1f (%s)", mean(found, column), mean, interval(differences));
  }

  /// The time of a question whose vector is not known yet, and of the same asked again.
  private void latency(List<Asked> pooled) {
    var asked = pooled.subList(0, Math.min(TIMED, pooled.size()));
    for (var each : asked) {
      recall(each.scope, each.text, Blend.DEFAULT);
    }
    var fresh = new long[asked.size()];
    var known = new long[asked.size()];
    for (int i = 0; i < asked.size(); i++) {
      var other = asked.get(i).text + " (" + i + ")";
      for (var times : List.of(fresh, known)) {
        long start = System.nanoTime();
        recall(asked.get(i).scope, other, Blend.DEFAULT);
        times[i] = System.nanoTime() - start;
      }
    }
    Arrays.sort(fresh);
    Arrays.sort(known);
    line("");
    line("## How long it takes");
    line("");
    line(
        "In the pooled scope of %d turns, the best %d: p50 %.2f ms with the question's embedding,"
            + " %.2f ms without.",
        store.stats().memories() / 2,
        DEPTH,
        fresh[fresh.length / 2] / 1e6,
        known[known.length / 2] / 1e6);
  }

  /// Remembers conversations and answers what is asked about them.
  private List<Asked> remember(Json.Arr conversations, boolean pooled) {
    var asked = new ArrayList<Asked>();
    int number = 0;
    for (var each : conversations.items()) {
      var conversation = (Json.Obj) each;
      var scope = pooled ? POOLED : "locomo/" + conversation.string("sample_id");
      System.out.println("remembering " + conversation.string("sample_id") + " in " + scope);
      var turns =
          turns((Json.Obj) Objects.requireNonNull(conversation.get("conversation")), scope, number);
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
    return asked;
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

  private List<Figures> ask(List<Asked> asked, Blend blend) {
    var figures = new ArrayList<Figures>();
    for (var each : asked) {
      var ids =
          recall(each.scope, each.text, blend).hits().stream()
              .map(hit -> hit.memory().id())
              .toList();
      figures.add(figures(each.category, ids, each.evidence));
    }
    return figures;
  }

  private Recall recall(String scope, String question, Blend blend) {
    return Laboratory.recall(store, scope, Query.of(question).limit(DEPTH).inherit(false), blend);
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

  private void table(String title, List<Figures> figures) {
    var groups = new LinkedHashMap<String, List<Figures>>();
    groups.put(CATEGORIES[0], answerable(figures));
    for (int category = 1; category <= 5; category++) {
      int wanted = category;
      groups.put(
          CATEGORIES[category], figures.stream().filter(each -> each.category == wanted).toList());
    }
    line("");
    line("## %s", title);
    line("");
    line("| questions | n | R@1 | R@5 | R@10 | 95 %% | NDCG@10 | 95 %% | MRR |");
    line("|---|--:|--:|--:|--:|--:|--:|--:|--:|");
    groups.forEach((name, group) -> {
      if (!group.isEmpty()) {
        line(
            "| %s | %d | %.1f | %.1f | **%.1f** | %s | **%.1f** | %s | %.1f |",
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

  @SuppressWarnings("AnnotateFormatMethod") // The annotation would be one more dependency.
  private void line(String format, Object... arguments) {
    out.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }

  private static double mean(List<Figures> group, int column) {
    return 100 * group.stream().mapToDouble(each -> each.get(column)).average().orElse(0);
  }

  private static String interval(List<Figures> group, int column) {
    return interval(group.stream().mapToDouble(each -> each.get(column)).toArray());
  }

  /// A bootstrap interval of the mean, the same at every run.
  private static String interval(double[] values) {
    var random = new SplittableRandom(1);
    var means = new double[RESAMPLES];
    for (int i = 0; i < RESAMPLES; i++) {
      double sum = 0;
      for (int n = 0; n < values.length; n++) {
        sum += values[random.nextInt(values.length)];
      }
      means[i] = 100 * sum / values.length;
    }
    Arrays.sort(means);
    return String.format(
        Locale.ROOT, "%.1f to %.1f", means[RESAMPLES / 40], means[RESAMPLES - RESAMPLES / 40 - 1]);
  }
}
