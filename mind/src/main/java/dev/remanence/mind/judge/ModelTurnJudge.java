package dev.remanence.mind.judge;

import dev.remanence.Json;
import dev.remanence.RemanenceException;
import dev.remanence.RemanenceException.Unavailable;
import dev.remanence.mind.extract.FactExtraction;
import dev.remanence.mind.judge.RuleTurnJudge.Ruled;
import dev.remanence.mind.llm.By;
import dev.remanence.mind.llm.Model;
import dev.remanence.mind.llm.Prompt;
import dev.remanence.mind.llm.Schema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Asks a model about the turns that the rules do not hold, and takes from it what the rules allow;
/// for all others, and where the model fails, the rules' verdicts stand: docs/judging.md.
///
/// A model sees numbers for ids, so it can name no turn but those it was shown. It cannot delete or
/// change what is pinned, recent, promoted by rule or the short answer to a question; what it
/// promotes is a person's words as they are; what it compresses to has no name and no number of its
/// own; and an answer that would delete most of what the rules keep is refused whole.
public final class ModelTurnJudge implements TurnJudge {
  private static final int TURNS_AT_ONCE = 40;
  private static final int CHARS_AT_ONCE = 20_000;
  private static final int TEXT_CHARS_MAX = 6_000;
  private static final int REASON_CHARS_MAX = 200;

  private final Model model;
  private final RuleTurnJudge rules = new RuleTurnJudge();

  public ModelTurnJudge(Model model) {
    this.model = model;
  }

  @Override
  public Judgement judge(List<JudgedTurn> turns, Policy policy, Instant now) {
    var ruled = rules.ruled(turns, policy, now);
    var verdicts = new ArrayList<>(ruled.stream().map(Ruled::verdict).toList());
    String why = null;
    boolean heard = false;
    int from = 0;
    while (from < turns.size() && why == null) {
      int to = batchEnd(turns, from);
      var batch = new Batch(turns, ruled, from, to);
      if (!batch.free.isEmpty()) {
        try {
          batch.take(model.ask(batch.prompt(policy, now), batch.schema(policy)), verdicts);
          heard = true;
        } catch (RemanenceException e) {
          // The endpoint would fail the rest too, each time after a wait.
          why = String.valueOf(e.getMessage());
        }
      }
      from = to;
    }
    return new Judgement(verdicts, heard ? By.MODEL : By.RULES, why);
  }

  private static int batchEnd(List<JudgedTurn> turns, int from) {
    int chars = 0;
    int to = from;
    while (to < turns.size() && to < from + TURNS_AT_ONCE) {
      // In JSON a character may take several.
      chars += Json.of(shown(turns.get(to))).toString().length() + 100;
      if (chars > CHARS_AT_ONCE && to > from) {
        return to;
      }
      to++;
    }
    return to;
  }

  private static String shown(JudgedTurn turn) {
    return Summary.cut(turn.text(), TEXT_CHARS_MAX);
  }

  /// Some turns in a row. Those that may be judged have a number.
  private static final class Batch {
    private final List<JudgedTurn> turns;
    private final List<Ruled> ruled;
    private final int from;
    private final int to;

    /// Ids as the model sees them, and the places of their turns.
    private final Map<String, Integer> free = new HashMap<>();

    private final List<Json> shown = new ArrayList<>();

    Batch(List<JudgedTurn> turns, List<Ruled> ruled, int from, int to) {
      this.turns = turns;
      this.ruled = ruled;
      this.from = from;
      this.to = to;
      for (int at = from; at < to; at++) {
        show(at);
      }
    }

    private void show(int at) {
      var turn = turns.get(at);
      var json = Json.object();
      // A model that sees a part cannot judge the whole.
      if (!ruled.get(at).held() && turn.text().length() <= TEXT_CHARS_MAX) {
        free.put("t" + (at - from), at);
        json.put("id", "t" + (at - from));
      }
      shown.add(
          json.put("role", turn.role())
              .put("at", turn.at().toString())
              .put("text", ModelTurnJudge.shown(turn))
              .build());
    }

    Prompt prompt(Policy policy, Instant now) {
      return Prompt.of(
          "turns",
          Map.of("chars", Integer.toString(policy.summaryChars())),
          Json.object().put("now", now.toString()).put("turns", Json.array(shown)).build());
    }

    Schema.Obj schema(Policy policy) {
      var actions = Arrays.stream(Action.values()).map(Action::name).toList();
      var verdict =
          Schema.object(
              Schema.field("id", new Schema.Choice(free.keySet().stream().sorted().toList())),
              Schema.field("action", new Schema.Choice(actions)),
              Schema.field("reason", new Schema.Text(REASON_CHARS_MAX)),
              Schema.field("text", new Schema.OrNull(new Schema.Text(2 * policy.summaryChars()))));
      return Schema.object(Schema.field("verdicts", new Schema.Arr(verdict, to - from)));
    }

    /// Puts the verdicts that hold in the place of the rules'; none where the answer as a whole
    /// does not.
    void take(Json.Obj answer, List<Verdict> verdicts) {
      var told = new HashMap<Integer, Verdict>();
      int deleted = 0;
      var list = answer.array("verdicts");
      for (var each : list == null ? List.<Json>of() : list.items()) {
        var at =
            each instanceof Json.Obj shown ? free.get(String.valueOf(shown.string("id"))) : null;
        if (at != null && each instanceof Json.Obj object) {
          var verdict = verdict(turns.get(at), object);
          // Two verdicts for one turn are none.
          boolean holds = verdict != null && !told.containsKey(at);
          told.put(at, holds ? verdict : ruledAt(at));
        }
      }
      for (var entry : told.entrySet()) {
        boolean kept = ruledAt(entry.getKey()).action() != Action.DELETE;
        deleted += kept && entry.getValue().action() == Action.DELETE ? 1 : 0;
      }
      if (deleted > Math.max(1, free.size() / 2)) {
        throw new Unavailable(
            "the model would delete " + deleted + " of " + free.size() + " turns that it judges",
            null,
            "deleted",
            deleted);
      }
      told.forEach(verdicts::set);
    }

    private Verdict ruledAt(int at) {
      return ruled.get(at).verdict();
    }
  }

  /// A model's verdict as far as it holds, or null.
  private static @Nullable Verdict verdict(JudgedTurn turn, Json.Obj told) {
    var action = Action.valueOf(String.valueOf(told.string("action")));
    var text = told.string("text");
    var stripped = text == null ? "" : text.strip();
    boolean holds =
        switch (action) {
          case KEEP, DELETE -> true;
          case COMPRESS ->
              !stripped.isEmpty()
                  && stripped.length() < turn.text().length()
                  && !Invention.isIn(stripped, turn.text());
          case PROMOTE ->
              turn.isByPerson()
                  && !stripped.isEmpty()
                  && turn.text().contains(stripped)
                  && !FactExtraction.tellsSecret(stripped);
        };
    boolean hasText = action == Action.COMPRESS || action == Action.PROMOTE;
    return holds
        ? new Verdict(turn.id(), action, reason(told), hasText ? stripped : null, By.MODEL)
        : null;
  }

  private static String reason(Json.Obj told) {
    var reason = String.valueOf(told.string("reason")).replaceAll("[\\p{C}\\s]+", " ").strip();
    return reason.isEmpty() ? "no reason given" : reason;
  }
}
