package dev.remanence.mind.extract;

import dev.remanence.Json;
import dev.remanence.RemanenceException;
import dev.remanence.mind.llm.By;
import dev.remanence.mind.llm.Model;
import dev.remanence.mind.llm.Prompt;
import dev.remanence.mind.llm.Schema;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Facts by rules, and those that a model finds besides: docs/llm.md. The rules' facts stand
/// whatever the model says; the model's are held by [ModelFacts]. Without a model, or when it
/// fails, the answer is the rules' and says why.
public final class ModelExtraction {
  private static final int TEXT_CHARS_MAX = 12_000;
  private static final int FACTS_MAX = 40;

  private static final List<String> ATTRIBUTES =
      Attribute.names().stream()
          // What an assistant shall always do is for the rules alone: it is what an injection
          // wants.
          .filter(name -> !name.equals(Attribute.INSTRUCTION.name()))
          .toList();

  private static final Schema.Obj SCHEMA =
      Schema.object(
          Schema.field(
              "facts",
              new Schema.Arr(
                  Schema.object(
                      Schema.field("entity", new Schema.Text(100)),
                      Schema.field("attribute", new Schema.Choice(ATTRIBUTES)),
                      Schema.field("value", new Schema.Text(200)),
                      Schema.field("quote", new Schema.Text(400)),
                      Schema.field("from", new Schema.OrNull(new Schema.Text(10))),
                      Schema.field("until", new Schema.OrNull(new Schema.Text(10))),
                      Schema.field("ended", new Schema.Bool()),
                      Schema.field("confidence", new Schema.Num(0, 1))),
                  FACTS_MAX)));

  private ModelExtraction() {}

  /// The facts that a turn states.
  ///
  /// @param model null where there is none
  public static Extraction from(Turn turn, @Nullable Model model) {
    var byRules = FactExtraction.from(turn);
    if (model == null || turn.byModel() || turn.text().isBlank()) {
      return new Extraction(byRules, By.RULES, null, 0);
    }
    if (turn.text().length() > TEXT_CHARS_MAX) {
      return byRules(byRules, "the turn has more than " + TEXT_CHARS_MAX + " characters");
    }
    try {
      var answer = model.ask(prompt(turn), SCHEMA);
      return merged(byRules, new ModelFacts(turn), answer);
    } catch (RemanenceException | DateTimeException e) {
      return byRules(byRules, String.valueOf(e.getMessage()));
    }
  }

  private static Extraction byRules(List<Extracted> facts, String why) {
    return new Extraction(facts, By.RULES, why, 0);
  }

  private static Prompt prompt(Turn turn) {
    var data =
        Json.object()
            .put("speaker", turn.first())
            .put("said", LocalDate.ofInstant(turn.said(), turn.zone()).toString())
            .put("text", turn.text());
    return Prompt.of("facts", Map.of(), data.build());
  }

  private static Extraction merged(List<Extracted> byRules, ModelFacts held, Json.Obj answer) {
    var facts = new ArrayList<>(byRules);
    int refused = 0;
    var told = answer.array("facts");
    for (var each : told == null ? List.<Json>of() : told.items()) {
      var fact = each instanceof Json.Obj object ? held.fact(object) : null;
      if (fact == null) {
        refused++;
      } else if (facts.stream().noneMatch(known -> isCovered(fact, known))) {
        facts.add(fact);
      }
    }
    facts.sort(Comparator.comparingInt(Extracted::start));
    return new Extraction(facts, By.MODEL, null, refused);
  }

  /// Whether a fact that is known says it already, or says otherwise of the same words.
  private static boolean isCovered(Extracted fact, Extracted known) {
    boolean sameKey = fact.key().equals(known.key());
    boolean sameWords = fact.start() < known.end() && known.start() < fact.end();
    return fact.attribute().equals(known.attribute())
        && (sameWords
            || (sameKey
                && (!fact.attribute().many() || fact.value().equalsIgnoreCase(known.value()))));
  }
}
