package dev.remanence.mind.conflict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remanence.ConflictRecord.Relation;
import dev.remanence.Judge.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Invariants checked, on random sentences of the labelled sets with words taken out, doubled and
/// exchanged, and on random signs:
/// 1. any two texts have an answer, the same each time;
/// 2. a text is no contradiction of itself;
/// 3. scores lie between 0 and 1;
/// 4. a long text takes time linear in its length.
final class ConflictJudgeFuzzTest {
  private static final int ROUNDS = 3000;

  private final ConflictJudge judge = new ConflictJudge();

  @Test
  void randomTexts_anyPair_isJudgedAlikeEachTime() {
    long seed = Long.getLong("remanence.seed", System.nanoTime());
    var random = new SplittableRandom(seed);
    var texts = new ArrayList<String>();
    for (var set : List.of("tuning.txt", "held-out.txt")) {
      for (var pair : LabelledPairs.read(set).pairs()) {
        texts.add(pair.older().text());
        texts.add(pair.newer().text());
      }
    }
    for (int i = 0; i < ROUNDS; i++) {
      var one = statement(random(texts, random));
      var other = statement(random(texts, random));
      var replay = "-Dremanence.seed=" + seed + ": " + one.text() + " | " + other.text();
      var verdict = judge.judge(one, other);
      assertThat(judge.judge(one, other)).as(replay).isEqualTo(verdict);
      var itself = judge.judge(one, one);
      assertThat(itself == null || itself.relation() == Relation.DUPLICATE).as(replay).isTrue();
      judge.keys(one);
    }
  }

  @Test
  void judge_longText_endsSoon() {
    var text = "not a is the the than over ".repeat(20_000);
    assertThat(judge.judge(statement(text), statement(text + "x"))).isNotNull();
  }

  private static Statement statement(String text) {
    return new Statement(text, null, null, Instant.EPOCH, null);
  }

  private static String random(List<String> texts, SplittableRandom random) {
    if (random.nextInt(8) == 0) {
      var signs = new StringBuilder();
      for (int i = random.nextInt(40); i > 0; i--) {
        signs.append(
            (char) (random.nextInt(3) == 0 ? random.nextInt(0x10000) : ' ' + random.nextInt(95)));
      }
      return signs.toString();
    }
    var words = new ArrayList<>(List.of(texts.get(random.nextInt(texts.size())).split(" ", -1)));
    for (int i = random.nextInt(3); i > 0 && words.size() > 1; i--) {
      int at = random.nextInt(words.size());
      switch (random.nextInt(3)) {
        case 0 -> words.remove(at);
        case 1 -> words.add(at, words.get(random.nextInt(words.size())));
        default -> words.set(at, words.get(random.nextInt(words.size())));
      }
    }
    return String.join(" ", words);
  }
}
