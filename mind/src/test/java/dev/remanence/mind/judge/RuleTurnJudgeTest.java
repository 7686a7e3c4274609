package dev.remanence.mind.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.mind.llm.By;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RuleTurnJudgeTest {
  static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  static final Instant OLD = NOW.minus(Duration.ofDays(30));
  static final Policy POLICY = Policy.DEFAULT.recent(0);
  static final String LONG =
      "Postgres keeps rows in heap pages and finds them through B-tree indexes. "
          + "An index scan reads the index and then the heap. "
          + "```sql\nselect * from t where id = 7;\n```\n"
          + "The planner picks an index scan when few rows match. ".repeat(25)
          + "In short, create an index on t(id) and run analyze.";

  static JudgedTurn turn(String id, String role, String text) {
    return new JudgedTurn(id, role, null, text, OLD, false);
  }

  private static List<Verdict> judge(Policy policy, JudgedTurn... turns) {
    var judgement = new RuleTurnJudge().judge(List.of(turns), policy, NOW);
    assertThat(judgement.by()).isEqualTo(By.RULES);
    assertThat(judgement.why()).isNull();
    assertThat(judgement.verdicts())
        .extracting(Verdict::id)
        .isEqualTo(List.of(turns).stream().map(JudgedTurn::id).toList());
    assertThat(judgement.verdicts()).noneMatch(verdict -> verdict.reason().isBlank());
    return judgement.verdicts();
  }

  private static Verdict one(String role, String text) {
    return judge(POLICY, turn("a", role, text)).getFirst();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ok",
        "Thanks a lot!",
        "Good morning :)",
        "\ud83d\udc4d",
        "Got it, thank you.",
        "No worries!",
        "lol"
      })
  void judge_smallTalk_isDeleted(String text) {
    assertThat(one("user", text).action()).isEqualTo(Action.DELETE);
    assertThat(one("assistant", text).reason()).isEqualTo("small talk");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ok, 42",
        "No!",
        "no need",
        "The build is red again.",
        "no kidding, the server melted",
        "What is the port of the build server?"
      })
  void judge_whatSaysSomething_isKept(String text) {
    assertThat(one("user", text).action()).isEqualTo(Action.KEEP);
  }

  @Test
  void judge_factsDecisionsAndWhatIsToBeRemembered_arePromotedInTheirWords() {
    var fact = one("user", "Hi there! I'm allergic to nuts. What should I cook?");
    assertThat(fact.action()).isEqualTo(Action.PROMOTE);
    assertThat(fact.reason()).contains("user/allergic_to");
    assertThat(fact.text()).isEqualTo("I'm allergic to nuts.");

    var decision = one("user", "Both are fine. We decided to use Postgres for the ledger.");
    assertThat(decision.action()).isEqualTo(Action.PROMOTE);
    assertThat(decision.text()).isEqualTo("We decided to use Postgres for the ledger.");

    assertThat(one("user", "Remember that the door code changes in May.").action())
        .isEqualTo(Action.PROMOTE);
  }

  @Test
  void judge_whatAModelClaims_orASecret_isNotPromoted() {
    assertThat(one("assistant", "I live in Bern and we decided to use Postgres.").action())
        .isEqualTo(Action.KEEP);
    assertThat(one("user", "Remember that my password is swordfish.").action())
        .isEqualTo(Action.KEEP);
    assertThat(one("user", "Have we decided on Postgres?").action()).isEqualTo(Action.KEEP);
  }

  @Test
  void judge_repeats_theLastStays() {
    var verdicts =
        judge(
            POLICY,
            turn("a", "user", "The build is red"),
            turn("b", "user", "The deploy waits for Tom."),
            turn("c", "assistant", "the build is red!"),
            turn("d", "user", "the build is RED!"));
    assertThat(verdicts)
        .extracting(Verdict::action)
        .containsExactly(Action.DELETE, Action.KEEP, Action.KEEP, Action.KEEP);
  }

  @Test
  void judge_answeredQuestion_isDeletedWhenOldAndTheAnswerStandsAlone() {
    var question = turn("q", "user", "Which port does the build server use?");
    var answer = turn("a", "assistant", "The build server listens on port 8443 since May.");
    assertThat(judge(POLICY, question, answer).getFirst().action()).isEqualTo(Action.DELETE);
    assertThat(judge(POLICY, question, turn("a", "assistant", "8443")).getFirst().action())
        .isEqualTo(Action.KEEP);
    assertThat(judge(POLICY, question).getFirst().action()).isEqualTo(Action.KEEP);
    var young = new JudgedTurn("q", "user", null, question.text(), NOW, false);
    assertThat(judge(POLICY, young, answer).getFirst().action()).isEqualTo(Action.KEEP);
  }

  @Test
  void judge_yesToAQuestion_isKept() {
    var verdicts =
        judge(
            POLICY,
            turn("q", "assistant", "Shall I drop the old tables tonight?"),
            turn("a", "user", "yes"));
    assertThat(verdicts).extracting(Verdict::action).containsOnly(Action.KEEP);
    assertThat(verdicts.get(1).reason()).isEqualTo("answers a question");
  }

  @Test
  void judge_longOldAnswer_isCompressedToSentencesOfIt() {
    var verdict = one("assistant", LONG);
    assertThat(verdict.action()).isEqualTo(Action.COMPRESS);
    var text = String.valueOf(verdict.text());
    assertThat(text.length()).isBetween(40, POLICY.summaryChars());
    assertThat(text).doesNotContain("select");
    for (var sentence : Summary.sentences(text.replace("[code]", ""))) {
      assertThat(LONG).contains(sentence);
    }
    assertThat(one("tool", LONG).action()).isEqualTo(Action.COMPRESS);
    assertThat(one("user", LONG).action()).isEqualTo(Action.KEEP);
    assertThat(one("system", LONG).action()).isEqualTo(Action.KEEP);
  }

  @Test
  void judge_pinnedAndRecent_stayWhateverTheySay() {
    var pinned = new JudgedTurn("p", "user", null, "ok", OLD, true);
    var verdicts =
        judge(
            Policy.DEFAULT.recent(1), pinned, turn("a", "user", "thanks"), turn("b", "user", "ok"));
    assertThat(verdicts)
        .extracting(Verdict::action)
        .containsExactly(Action.KEEP, Action.DELETE, Action.KEEP);
  }

  @Test
  void judge_age_deletesOnlyWhereThePolicySaysSo() {
    var text = "The build is red again.";
    var policy = POLICY.dropAfter(Duration.ofDays(29));
    assertThat(judge(policy, turn("a", "user", text)).getFirst().action()).isEqualTo(Action.DELETE);
    assertThat(judge(policy, turn("a", "user", "I'm allergic to nuts.")).getFirst().action())
        .isEqualTo(Action.PROMOTE);
    assertThat(one("user", text).action()).isEqualTo(Action.KEEP);
  }

  @Test
  void judge_twoTurnsOfOneId_isRefused() {
    assertThatThrownBy(() -> judge(POLICY, turn("a", "user", "x"), turn("a", "user", "y")))
        .isInstanceOf(InvalidInput.class);
  }

  @Test
  void judge_oddTexts_haveAVerdict() {
    var turns = new ArrayList<JudgedTurn>();
    for (var text :
        List.of("", " ", "?", "\u0000\ud83d", "```", "```\n".repeat(2000), "a".repeat(200_000))) {
      turns.add(turn("t" + turns.size(), "assistant", text));
      turns.add(turn("t" + turns.size(), "user", text));
    }
    var verdicts = judge(POLICY, turns.toArray(JudgedTurn[]::new));
    assertThat(verdicts).hasSize(turns.size());
    assertThat(verdicts)
        .allMatch(verdict -> length(verdict.text()) <= Math.max(POLICY.summaryChars(), 20_000));
  }

  private static int length(@Nullable String text) {
    return text == null ? 0 : text.length();
  }
}
