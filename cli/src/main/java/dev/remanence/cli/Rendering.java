package dev.remanence.cli;

import static dev.remanence.cli.Fields.bool;
import static dev.remanence.cli.Fields.decimal;
import static dev.remanence.cli.Fields.id;
import static dev.remanence.cli.Fields.items;
import static dev.remanence.cli.Fields.number;
import static dev.remanence.cli.Fields.object;
import static dev.remanence.cli.Fields.objects;
import static dev.remanence.cli.Fields.string;
import static dev.remanence.cli.Fields.text;

import dev.remanence.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/// Answers of the protocol for people. Works on the JSON of an answer, so it shows what any other
/// client gets; it is not a format to parse.
final class Rendering {
  private static final int HIT_LINES_MAX = 6;
  private final Terminal terminal;
  private final Instant now;
  private final StringBuilder out = new StringBuilder();

  /// @param now what ages are counted from
  Rendering(Terminal terminal, Instant now) {
    this.terminal = terminal;
    this.now = now;
  }

  /// @param params the call's own, for what the answer does not repeat
  String of(String method, Json.Obj answer, Json.Obj params) {
    switch (method) {
      case "remember", "supersede", "facts.set", "facts.add", "facts.remove" -> remembered(answer);
      case "facts.get" -> fact(answer);
      case "facts.list" -> facts(answer);
      case "facts.prompt" -> out.append(terminal.safe(text(answer, "text")));
      case "facts.extract" -> extracted(answer);
      case "execute" -> executed(answer);
      case "curate" -> curation(answer);
      case "undo" -> undone(answer);
      case "turns.add" -> rememberedAll(answer);
      case "turns.list" -> turns(answer);
      case "context" -> context(answer);
      case "conflicts" -> conflicts(answer);
      case "conflict", "resolve" -> conflict(answer);
      case "rememberAll" -> rememberedAll(answer);
      case "get" -> memory(answer);
      case "recall" -> recall(answer, text(params, "query"));
      case "similar" -> recall(answer, "");
      case "embed" ->
          line(Figures.counted(number(answer, "embedded"), "memory", "memories") + " embedded");
      case "list", "range", "stream", "assemblies.members" -> page(answer);
      case "assemblies.put" -> remembered(answer);
      case "assemblies.get" -> assembly(answer);
      case "assemblies.list" -> assemblies(answer);
      case "assemblies.similar" -> near(answer);
      case "assemblies.add",
          "assemblies.remove",
          "revise",
          "link",
          "unlink",
          "revert",
          "branch",
          "merge" ->
          line("revision " + number(answer, "revision") + "  " + id(answer));
      case "assemblies.forget" ->
          line(
              Figures.counted(number(answer, "forgotten"), "assembly", "assemblies")
                  + " forgotten");
      case "forget" ->
          line(Figures.counted(number(answer, "forgotten"), "memory", "memories") + " forgotten");
      case "erase" -> {
        if (answer.get("receipts") == null) {
          receipt(answer);
        } else {
          backupErasure(answer);
        }
      }
      case "history", "facts.history" -> history(answer);
      case "diff" -> diff(text(answer, "diff"));
      case "scopes" -> scopes(answer);
      case "sessions" -> sessions(answer);
      case "verify" -> verification(answer);
      case "doctor" -> findings(answer);
      case "log" -> log(answer);
      case "repair" -> repair(answer);
      case "import" -> importReport(answer);
      case "export" ->
          line(Figures.counted(number(answer, "lines"), "line", "lines") + " exported");
      case "backup" -> backup(answer);
      case "compact" -> compaction(answer);
      case "stats" -> stats(answer);
      case "watch" ->
          line(
              terminal.dim(text(answer, "recordedAt"))
                  + "  "
                  + text(answer, "change")
                  + "  "
                  + id(answer)
                  + "  revision "
                  + number(answer, "revision")
                  + "  "
                  + terminal.cyan(terminal.line(text(answer, "scope"))));
      case "token.create" -> tokenCreated(answer);
      case "token.list" -> objects(answer, "tokens").forEach(this::token);
      default -> fields(answer);
    }
    return out.toString();
  }

  private void remembered(Json.Obj answer) {
    var outcome = text(answer, "outcome");
    int revision = (int) number(answer, "revision");
    line(
        terminal.green(outcome)
            + "  "
            + id(answer)
            + (revision > 1 ? terminal.dim("  revision " + revision) : "")
            + (bool(answer, "durable") ? "" : terminal.yellow("  not durable")));
    for (var near : items(answer, "nearDuplicates")) {
      line(terminal.yellow("  much like  ") + string(near));
    }
    for (var conflict : items(answer, "conflicts")) {
      line(terminal.yellow("  conflicts with  ") + string(conflict));
    }
  }

  private void conflicts(Json.Obj answer) {
    var conflicts = objects(answer, "conflicts");
    if (conflicts.isEmpty()) {
      line(terminal.dim("no conflicts"));
    }
    conflicts.forEach(this::conflict);
    if (answer.get("after") instanceof Json.Str(var after)) {
      line(terminal.dim("more: --after " + after));
    }
  }

  private void conflict(Json.Obj conflict) {
    var status = text(conflict, "status");
    var decided = conflict.string("resolution");
    line(
        (status.equals("open") ? terminal.yellow(status) : terminal.dim(status))
            + "  "
            + terminal.bold(text(conflict, "relation"))
            + " by "
            + text(conflict, "reason")
            + "  "
            + id(conflict)
            + (decided == null ? "" : terminal.dim("  " + terminal.line(decided))));
    line("      older  " + text(conflict, "older"));
    line("      newer  " + text(conflict, "newer"));
  }

  private void rememberedAll(Json.Obj answer) {
    var results = objects(answer, "results");
    results.forEach(this::remembered);
    line(Figures.counted(results.size(), "memory", "memories") + " remembered");
  }

  private void memory(Json.Obj memory) {
    out.append(terminal.safe(body(memory)));
    out.append("\n\n");
    for (var field : memory.fields().entrySet()) {
      var name = field.getKey();
      boolean shown =
          switch (name) {
            case "text", "content" -> false;
            case "tags", "links" -> !items(memory, name).isEmpty();
            case "metadata", "provenance" ->
                field.getValue() instanceof Json.Obj(var fields) && !fields.isEmpty();
            case "pinned" -> bool(memory, name);
            case "durable" -> !bool(memory, name);
            default -> true;
          };
      if (shown) {
        field(name, value(field.getValue()), 12);
      }
    }
  }

  private void recall(Json.Obj answer, String query) {
    var hits = objects(answer, "hits");
    if (hits.isEmpty()) {
      line(terminal.dim("nothing was found"));
    }
    var words = words(query);
    double best = hits.stream().mapToDouble(hit -> decimal(hit, "score")).max().orElse(0);
    for (var hit : hits) {
      var memory = object(hit, "memory");
      double score = decimal(hit, "score");
      line(
          terminal.bold(Figures.decimals(score, 2))
              + " "
              + terminal.cyan(Figures.bar(score / Math.max(1, best)))
              + "  "
              + about(memory));
      objects(hit, "before").forEach(turn -> neighbour("↑", turn));
      hitBody(memory, words);
      objects(hit, "after").forEach(turn -> neighbour("↓", turn));
      if (hit.get("why") instanceof Json.Obj why) {
        why.fields()
            .forEach((name, part) -> line(terminal.dim("      " + name + "  " + value(part))));
      }
      line(terminal.dim("      " + id(memory)));
    }
    if (bool(answer, "truncated")) {
      line(
          terminal.dim(
              answer.get("cursor") instanceof Json.Str(var cursor)
                  ? "more: --cursor " + cursor
                  : "more was found than the limits let through"));
    }
  }

  /// What was said before or after a hit, on one line.
  private void neighbour(String direction, Json.Obj memory) {
    var said = memory.string("speaker") + ": " + body(memory).replace('\n', ' ');
    var cut = terminal.out() ? Terminal.cut(said, Math.max(20, terminal.width() - 6)) : said;
    line(terminal.dim("    " + direction + " " + terminal.line(cut)));
  }

  /// A hit's text, highlighted; on a terminal only its first lines.
  private void hitBody(Json.Obj memory, List<String> words) {
    var lines = body(memory).lines().toList();
    int shown = terminal.out() ? Math.min(HIT_LINES_MAX, lines.size()) : lines.size();
    for (var text : lines.subList(0, shown)) {
      var cut = terminal.out() ? Terminal.cut(text, 4 * terminal.width()) : text;
      line("      " + highlighted(terminal.line(cut), words));
    }
    if (shown < lines.size()) {
      line(terminal.dim("      … " + (lines.size() - shown) + " more lines"));
    }
  }

  /// What a memory is, in a few words.
  private String about(Json.Obj memory) {
    var parts = new ArrayList<String>();
    parts.add(text(memory, "kind"));
    parts.add(Figures.age(text(memory, "at"), now));
    parts.add(text(memory, "scope"));
    if (memory.get("key") instanceof Json.Str(var key)) {
      parts.add("key " + terminal.line(key));
    }
    if (memory.get("speaker") instanceof Json.Str(var speaker)) {
      parts.add("said by " + terminal.line(speaker));
    }
    for (var tag : items(memory, "tags")) {
      parts.add("#" + terminal.line(string(tag)));
    }
    return terminal.dim(String.join(" · ", parts));
  }

  private void page(Json.Obj answer) {
    var memories = objects(answer, "memories");
    if (memories.isEmpty()) {
      line(terminal.dim("nothing is there"));
    }
    for (var memory : memories) {
      var age = Figures.pad(Figures.age(text(memory, "at"), now), 11);
      var key = memory.string("key");
      var label = key == null ? "" : terminal.line(key) + " = ";
      var body = terminal.line(body(memory));
      if (terminal.out()) {
        body = Terminal.cut(body, Math.max(20, terminal.width() - 36 - 4 - 11 - label.length()));
      }
      line(terminal.dim(id(memory) + "  " + age) + "  " + terminal.cyan(label) + body);
    }
    if (answer.get("cursor") instanceof Json.Str(var cursor)) {
      line(terminal.dim("more: --cursor " + cursor));
    }
  }

  private void assemblies(Json.Obj answer) {
    var assemblies = objects(answer, "assemblies");
    if (assemblies.isEmpty()) {
      line(terminal.dim("nothing is there"));
    }
    assemblies.forEach(assembly -> assembly("", assembly));
    if (answer.get("cursor") instanceof Json.Str(var cursor)) {
      line(terminal.dim("more: --cursor " + cursor));
    }
  }

  private void near(Json.Obj answer) {
    var hits = objects(answer, "hits");
    if (hits.isEmpty()) {
      line(terminal.dim("nothing was found"));
    }
    for (var hit : hits) {
      assembly(
          terminal.bold(Figures.decimals(decimal(hit, "score"), 2)) + "  ",
          object(hit, "assembly"));
    }
  }

  /// An assembly in one line.
  private void assembly(String before, Json.Obj assembly) {
    var age = Figures.pad(Figures.age(text(assembly, "updatedAt"), now), 11);
    var members = Figures.counted(items(assembly, "members").size(), "member", "members");
    var description = terminal.line(text(assembly, "description"));
    line(
        before
            + terminal.dim(id(assembly) + "  " + age)
            + "  "
            + terminal.cyan(terminal.line(text(assembly, "name")))
            + "  "
            + members
            + (description.isEmpty() ? "" : "  " + terminal.dim(Terminal.cut(description, 200))));
  }

  private void assembly(Json.Obj answer) {
    line(terminal.bold(terminal.line(text(answer, "name"))));
    if (answer.get("description") instanceof Json.Str(var description)) {
      line(terminal.safe(description));
    }
    line("");
    answer
        .fields()
        .forEach((name, value) -> {
          switch (name) {
            case "name", "description", "memories", "composite" -> {}
            case "metadata" -> {
              if (value instanceof Json.Obj(var fields) && !fields.isEmpty()) {
                field(name, value(value), 12);
              }
            }
            default -> field(name, value(value), 12);
          }
        });
    for (var composite : objects(answer, "composite")) {
      field(
          "composite",
          terminal.line(text(composite, "model"))
              + ", of "
              + Figures.counted(number(composite, "members"), "member", "members")
              + terminal.dim("  (--json prints the numbers)"),
          12);
    }
    if (answer.get("memories") != null) {
      line("");
      page(answer);
    }
  }

  private void facts(Json.Obj answer) {
    var facts = objects(answer, "facts");
    int width = facts.stream().mapToInt(fact -> text(fact, "key").length()).max().orElse(0);
    for (var fact : facts) {
      field(terminal.line(text(fact, "key")), factText(fact), Math.min(width, 40));
    }
    if (facts.isEmpty()) {
      line("no facts");
    }
    if (answer.get("after") instanceof Json.Str(var after)) {
      line(terminal.dim("more: --after " + terminal.line(after)));
    }
  }

  /// A line a fact: its key, what it says, how sure that is.
  private void extracted(Json.Obj answer) {
    for (var fact : objects(answer, "facts")) {
      var ended = fact.get("ended") instanceof Json.Bool(var flag) && flag ? "no longer " : "";
      line(
          terminal.line(text(fact, "key"))
              + "  "
              + ended
              + terminal.line(text(fact, "value"))
              + "  "
              + terminal.dim("(" + terminal.line(String.valueOf(fact.get("confidence"))) + ")"));
    }
    if (objects(answer, "facts").isEmpty()) {
      line("no facts");
    }
  }

  /// A line a step, and how to take them back.
  private void curation(Json.Obj answer) {
    for (var step : objects(answer, "steps")) {
      line(
          terminal.line(text(step, "action"))
              + "  "
              + text(step, "id")
              + "  "
              + terminal.dim(terminal.line(text(step, "reason"))));
    }
    if (objects(answer, "steps").isEmpty()) {
      line("nothing to do");
    }
    if (answer.get("run") instanceof Json.Str(var run)) {
      line(terminal.dim("to take it back: remanence undo " + run));
    }
    if (answer.get("more") instanceof Json.Bool(var more) && more) {
      line(terminal.dim("there is more to do: run it again"));
    }
  }

  private void undone(Json.Obj answer) {
    int restored = items(answer, "restored").size();
    line(Figures.counted(restored, "memory", "memories") + " restored");
    for (var kept : objects(answer, "kept")) {
      line("left as it is  " + text(kept, "id") + "  " + terminal.line(text(kept, "why")));
    }
  }

  /// What the program printed, then what it answered, or what ended it.
  private void executed(Json.Obj answer) {
    out.append(terminal.safe(text(answer, "output")));
    if (answer.get("error") instanceof Json.Obj error) {
      line(terminal.safe(text(error, "traceback")));
      return;
    }
    switch (answer.get("value")) {
      case null -> {}
      case Json.Null _ -> {}
      case Json.Str(var text) -> line(terminal.safe(text));
      case Json value -> line(value(value));
    }
  }

  /// A line a turn, as it was said.
  private void turns(Json.Obj answer) {
    var turns = objects(answer, "turns");
    for (var turn : turns) {
      var when = text(turn, "at").substring(0, 16).replace('T', ' ');
      line(
          terminal.dim(when)
              + "  "
              + terminal.line(text(turn, "speaker"))
              + ": "
              + terminal.line(text(turn, "text")));
    }
    if (turns.isEmpty()) {
      line("no turns");
    }
    if (answer.get("before") instanceof Json.Str(var before)) {
      line(terminal.dim("before these: --before " + before));
    }
  }

  /// The text as a model reads it; what it is made of goes to the reader alone.
  private void context(Json.Obj answer) {
    out.append(terminal.safe(text(answer, "text")));
    var parts = new ArrayList<String>();
    for (var part : objects(answer, "parts")) {
      parts.add(text(part, "section") + " " + number(part, "tokens"));
    }
    line(
        terminal.dim(
            number(answer, "tokens")
                + " tokens ("
                + text(answer, "tokenizer")
                + ")"
                + (parts.isEmpty() ? "" : ": " + String.join(", ", parts))));
  }

  private void fact(Json.Obj fact) {
    line(factText(fact));
  }

  /// The value, and since when and until when it holds.
  private String factText(Json.Obj fact) {
    var value = value(Objects.requireNonNull(fact.get("value")));
    var span = "since " + text(fact, "at").substring(0, 10);
    if (fact.get("until") instanceof Json.Str(var until)) {
      span += ", until " + until.substring(0, 10);
    }
    return value
        + "  "
        + terminal.dim("(" + span + ", " + terminal.line(text(fact, "scope")) + ")");
  }

  private void receipt(Json.Obj answer) {
    int memories = items(answer, "memories").size();
    line(
        Figures.counted(memories, "memory", "memories")
            + " erased in "
            + Figures.counted(number(answer, "revisions"), "revision", "revisions"));
    line("receipt " + text(answer, "id") + terminal.dim("  (--json prints it whole, to keep)"));
    for (var derived : items(answer, "derived")) {
      line(terminal.yellow("derived from it and not erased: ") + string(derived));
    }
    for (var backup : objects(answer, "backups")) {
      line(
          terminal.yellow("still held by the backup ")
              + terminal.line(text(backup, "file"))
              + (backup.get("keptUntil") instanceof Json.Str(var until) ? " until " + until : ""));
    }
    if (!items(answer, "backups").isEmpty()) {
      line(terminal.dim("remanence erase --backups takes it out of them"));
    }
  }

  private void backupErasure(Json.Obj answer) {
    for (var backup : objects(answer, "backups")) {
      var outcome = text(backup, "outcome");
      line(
          (outcome.equals("failed") ? terminal.red(outcome) : terminal.green(outcome))
              + "  "
              + terminal.line(text(backup, "file")));
      if (backup.get("error") instanceof Json.Obj error) {
        line("  " + terminal.line(text(error, "message")));
      }
    }
    if (items(answer, "backups").isEmpty()) {
      line("the store has no backups");
    }
    line(
        Figures.counted(items(answer, "receipts").size(), "receipt", "receipts")
            + " signed anew in the store's directory receipts");
  }

  private void history(Json.Obj answer) {
    for (var revision : objects(answer, "revisions")) {
      var branch = text(revision, "branch");
      line(
          terminal.yellow("revision " + number(revision, "revision"))
              + "  "
              + terminal.bold(text(revision, "change"))
              + (branch.equals("main") ? "" : "  on " + terminal.cyan(terminal.line(branch)))
              + terminal.dim(
                  "  "
                      + text(revision, "recordedAt")
                      + "  "
                      + terminal.line(text(revision, "tool"))
                      + "  "
                      + terminal.line(text(revision, "session"))));
      if (revision.get("message") instanceof Json.Str(var message)) {
        line("    " + terminal.line(message));
      }
      if (bool(revision, "erased")) {
        line(terminal.red("    the content was erased"));
      } else if (revision.get("memory") instanceof Json.Obj memory) {
        line(terminal.dim("    " + Terminal.cut(terminal.line(body(memory)), 200)));
      }
    }
    if (answer.get("cursor") instanceof Json.Str(var cursor)) {
      line(terminal.dim("more: --cursor " + cursor));
    }
  }

  private void diff(String diff) {
    if (diff.isEmpty()) {
      line(terminal.dim("no difference"));
    }
    diff.lines()
        .forEach(text -> {
          var safe = terminal.safe(text);
          line(
              switch (text.isEmpty() ? ' ' : text.charAt(0)) {
                case '+' -> terminal.green(safe);
                case '-' -> terminal.red(safe);
                case '@' -> terminal.cyan(safe);
                default -> safe;
              });
        });
  }

  private void scopes(Json.Obj answer) {
    for (var scope : objects(answer, "scopes")) {
      line(Figures.pad(Long.toString(number(scope, "memories")), 8) + "  " + text(scope, "scope"));
    }
  }

  /// The secret alone on its line, for a script that wants nothing else.
  private void tokenCreated(Json.Obj answer) {
    line(text(answer, "secret"));
    line(terminal.dim("shown this once; revoke it with: token revoke " + text(answer, "id")));
  }

  private void token(Json.Obj token) {
    line(
        text(token, "id")
            + "  "
            + terminal.line(text(token, "tool"))
            + "  "
            + joined(token, "verbs")
            + "  "
            + terminal.cyan(joined(token, "scopes"))
            + (token.get("expires") == null ? "" : "  until " + text(token, "expires"))
            + terminal.dim(
                token.get("lastUsed") == null
                    ? "  never used"
                    : "  used " + text(token, "lastUsed")));
  }

  private static String joined(Json.Obj object, String name) {
    return String.join(",", items(object, name).stream().map(Fields::string).toList());
  }

  private void sessions(Json.Obj answer) {
    for (var session : objects(answer, "sessions")) {
      line(
          text(session, "startedAt")
              + "  "
              + terminal.line(text(session, "tool"))
              + "  "
              + terminal.line(text(session, "session"))
              + terminal.dim(
                  "  pid "
                      + number(session, "pid")
                      + (session.get("endedAt") instanceof Json.Str(var end)
                          ? "  ended " + end
                          : "  going on")));
    }
  }

  private void log(Json.Obj answer) {
    for (var call : objects(answer, "calls")) {
      var outcome = text(call, "outcome");
      line(
          terminal.dim(text(call, "time"))
              + "  "
              + terminal.line(text(call, "method"))
              + "  "
              + terminal.line(text(call, "scope"))
              + "  "
              + (outcome.equals("ok") ? outcome : terminal.red(terminal.line(outcome)))
              + terminal.dim(
                  "  "
                      + number(call, "ms")
                      + " ms  "
                      + terminal.line(text(call, "tool"))
                      + "  "
                      + terminal.line(text(call, "session"))));
    }
    if (bool(answer, "truncated")) {
      line(terminal.dim("more before: --until with the first time, or --limit"));
    }
  }

  private void verification(Json.Obj answer) {
    boolean sound = bool(answer, "sound");
    line(
        (sound ? terminal.green("sound") : terminal.red("damaged"))
            + "  "
            + Figures.counted(number(answer, "revisions"), "revision", "revisions")
            + ", "
            + Figures.counted(number(answer, "commits"), "commit", "commits")
            + ", "
            + Figures.counted(number(answer, "memories"), "memory", "memories")
            + (bool(answer, "deep") ? ", every byte" : ""));
    for (var problem : objects(answer, "problems")) {
      line(
          terminal.red("  " + terminal.line(text(problem, "where")))
              + "  "
              + terminal.line(text(problem, "what"))
              + (bool(problem, "derived") ? terminal.dim("  (can be rebuilt)") : ""));
    }
    for (var loss : items(answer, "losses")) {
      line(terminal.yellow("  known to be lost: ") + terminal.line(string(loss)));
    }
    if (!sound) {
      line("run: remanence repair");
    }
  }

  private void findings(Json.Obj answer) {
    for (var finding : objects(answer, "findings")) {
      var severity = text(finding, "severity");
      var padded = Figures.pad(severity, 8);
      line(
          switch (severity) {
                case "ok" -> terminal.green(padded);
                case "warning" -> terminal.yellow(padded);
                default -> terminal.red(padded);
              }
              + terminal.line(text(finding, "what")));
      var advice = text(finding, "advice");
      if (!advice.isEmpty()) {
        line("        " + terminal.dim(terminal.line(advice)));
      }
    }
  }

  private void repair(Json.Obj answer) {
    line(
        (bool(answer, "salvaged") ? "salvaged " : "rebuilt; ")
            + Figures.counted(number(answer, "revisions"), "revision", "revisions"));
    for (var lost : items(answer, "lost")) {
      line(terminal.red("  lost: ") + terminal.line(string(lost)));
    }
    if (answer.get("kept") instanceof Json.Str(var kept)) {
      line("the damaged files are kept in " + terminal.line(kept));
    }
  }

  private void importReport(Json.Obj answer) {
    line(
        Figures.counted(number(answer, "lines"), "line", "lines")
            + ": "
            + Figures.counted(number(answer, "revisions"), "revision", "revisions")
            + " taken over, "
            + Figures.counted(number(answer, "memories"), "memory", "memories")
            + " remembered, "
            + number(answer, "known")
            + " known before, "
            + number(answer, "bad")
            + " left out");
    for (var bad : objects(answer, "badLines")) {
      line(
          terminal.yellow("  line " + number(bad, "line"))
              + "  "
              + terminal.line(text(bad, "reason")));
    }
  }

  private void backup(Json.Obj answer) {
    if (answer.get("every") instanceof Json.Str(var every)) {
      line(
          every.equals("off")
              ? "no more backups by itself"
              : "backups every " + every + " into " + terminal.line(text(answer, "to")));
      return;
    }
    line(
        Figures.counted(number(answer, "revisions"), "revision", "revisions")
            + " in "
            + Figures.bytes(number(answer, "bytes"))
            + ": "
            + terminal.line(text(answer, "file")));
    for (var removed : items(answer, "removed")) {
      line(terminal.dim("  removed " + terminal.line(string(removed))));
    }
  }

  private void compaction(Json.Obj answer) {
    line(
        Figures.bytes(number(answer, "bytesWon"))
            + " won: "
            + Figures.bytes(number(answer, "bytesBefore"))
            + " before, "
            + Figures.bytes(number(answer, "bytesAfter"))
            + " now");
  }

  private void stats(Json.Obj answer) {
    answer
        .fields()
        .forEach((name, value) -> {
          if (name.endsWith("Bytes")) {
            field(name, Figures.bytes(number(answer, name)), 14);
          } else if (value instanceof Json.Obj(var kinds)) {
            kinds.forEach((kind, memories) -> field("  " + kind, value(memories), 14));
          } else {
            field(name, value(value), 14);
          }
        });
  }

  private void fields(Json.Obj answer) {
    answer.fields().forEach((name, value) -> field(name, value(value), 14));
  }

  private void field(String name, String value, int width) {
    line(terminal.dim(Figures.pad(name, width)) + "  " + value);
  }

  private void line(String text) {
    out.append(text).append('\n');
  }

  /// A value in one line: strings bare, lists and fields with commas, fractions to the third place.
  private String value(Json value) {
    return switch (value) {
      case Json.Str(var text) -> terminal.line(text);
      case Json.Arr(var items) -> {
        var parts = new ArrayList<String>();
        items.forEach(item -> parts.add(value(item)));
        yield String.join(", ", parts);
      }
      case Json.Obj object when object.get("type") != null && object.get("to") != null ->
          terminal.line(text(object, "type")) + " " + terminal.line(text(object, "to"));
      case Json.Obj(var fields) -> {
        var parts = new ArrayList<String>();
        fields.forEach((name, part) -> parts.add(terminal.line(name) + " " + value(part)));
        yield String.join(", ", parts);
      }
      case Json.Num(var number) when number != Math.rint(number) && Math.abs(number) < 1e6 ->
          Figures.decimals(number, 3).replaceFirst("0+$", "");
      case Json other -> terminal.line(other.toString());
    };
  }

  /// The words of a question that are worth showing in an answer.
  private static List<String> words(String query) {
    var words = new ArrayList<String>();
    for (var word : query.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+", -1)) {
      if (word.codePointCount(0, word.length()) > 2) {
        words.add(word);
      }
    }
    return words;
  }

  /// Sets those words of the text in bold that begin with a word of the question.
  private String highlighted(String text, List<String> words) {
    if (!terminal.colour() || words.isEmpty()) {
      return text;
    }
    var marked = new StringBuilder();
    int i = 0;
    while (i < text.length()) {
      int end = i;
      while (end < text.length() && Character.isLetterOrDigit(text.charAt(end))) {
        end++;
      }
      if (end == i) {
        marked.append(text.charAt(i++));
        continue;
      }
      var word = text.substring(i, end);
      var lower = word.toLowerCase(Locale.ROOT);
      marked.append(words.stream().anyMatch(lower::startsWith) ? terminal.bold(word) : word);
      i = end;
    }
    return marked.toString();
  }

  private static String body(Json.Obj memory) {
    return memory.get("text") instanceof Json.Str(var text)
        ? text
        : String.valueOf(memory.get("content"));
  }
}
