package dev.remanence.mind.extract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is taken from a turn, what is not, and where the words stand. Quantities are measured in
/// [ExtractionQualityTest].
class FactExtractionTest {
  private static final Instant SAID = Instant.parse("2026-03-10T12:00:00Z");

  private static List<Extracted> from(String text) {
    return FactExtraction.from(Turn.of(text, "Anna", SAID));
  }

  private static List<String> lines(String text) {
    return from(text).stream().map(Score::line).toList();
  }

  @Test
  void from_claim_tellsEntityAttributeValueAndKey() {
    var fact = from("I work at Siemens").getFirst();
    assertThat(fact.entity()).isEqualTo("Anna");
    assertThat(fact.attribute()).isEqualTo(Attribute.WORKS_AT);
    assertThat(fact.value()).isEqualTo("Siemens");
    assertThat(fact.key()).isEqualTo("anna/works_at");
    assertThat(fact.attribute().many()).isFalse();
    assertThat(fact.confidence()).isGreaterThan(FactExtraction.CONFIDENCE_MIN);
    assertThat(fact.reasons()).isNotEmpty();
  }

  @Test
  void from_namelessUser_isTheUser() {
    for (var speaker : new String[] {null, "user", "human", " "}) {
      var facts = FactExtraction.from(Turn.of("I live in Bern", speaker, SAID));
      assertThat(facts).singleElement().extracting(Extracted::entity).isEqualTo("user");
    }
  }

  @Test
  void from_anyFact_offsetsAreThoseOfItsWords() {
    var text =
        "hey \ud83d\ude00 so I live in  Bern, and my wife Julia works at Bosch. I\u2019m vegan!";
    var words = from(text).stream().map(fact -> text.substring(fact.start(), fact.end())).toList();
    assertThat(words)
        .containsExactly(
            "I live in  Bern", "my wife Julia works at Bosch", "my wife Julia", "I\u2019m vegan");
    var sentences =
        from(text).stream()
            .map(fact -> text.substring(fact.sentenceStart(), fact.sentenceEnd()))
            .distinct()
            .toList();
    assertThat(sentences).hasSize(2).last().isEqualTo("I\u2019m vegan!");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Do I live in Bern?",
        "do I live in Bern",
        "I live in Bern, right",
        "I live in Bern?",
        "you live in Bern dont you"
      })
  void from_question_tellsNothing(String text) {
    assertThat(lines(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Suppose I work at NASA and I live in Houston.",
        "if I live in Bern, I work at Bosch",
        "maybe I live in Bern and I work at Bosch",
        "Pretend that we met. I live in Bern. I work at Bosch.",
        "In this story my name is Rex. I live in Bern.",
        "I think I'm allergic to shrimp",
        "I would live in Bern"
      })
  void from_supposition_tellsNothing(String text) {
    assertThat(lines(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "I don't live in Bern",
        "I'm not a nurse",
        "I have no dog",
        "my name isn't Bob",
        "I've never been to Spain",
        "I am not allergic to nuts",
        "we aren't married"
      })
  void from_denial_tellsNothing(String text) {
    assertThat(lines(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "He said \"I live in Bern\"",
        "\"I live in Bern",
        "\u201cI live in Bern\u201d is a title",
        "> I live in Bern",
        "The sign read: I am a doctor and I live in Bern",
        "'I live in Bern'",
        "`I live in Bern`",
        "```\nI live in Bern\n```",
        "https://example.org/I-live-in-Bern",
        "x = 1; I live in Bern;"
      })
  void from_quotationOrCode_tellsNothing(String text) {
    assertThat(lines(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "I love Mondays /s",
        "I totally love spam. NOT",
        "yeah right, I live in Paris",
        "I love Mondays \ud83d\ude44",
        "I love bugs. Not."
      })
  void from_irony_tellsNothing(String text) {
    assertThat(lines(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Tom says he works at Bosch and I live in Bern",
        "apparently Lisa works at Amazon",
        "According to Mia, Jan works at Shell",
        "I heard Sara moved to Ghana"
      })
  void from_hearsay_tellsNothing(String text) {
    assertThat(lines(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "I want to live in Bern",
        "I wish I had a dog",
        "I'd love to speak German",
        "I hope I'm a nurse soon",
        "I need a new car"
      })
  void from_wish_tellsNothing(String text) {
    assertThat(lines(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"I live in Bern", "My name is Claude", "You work at Bosch"})
  void from_modelsTurn_tellsNothing(String text) {
    assertThat(FactExtraction.from(Turn.of(text, "assistant", SAID))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "my password is hunter2",
        "the token of the server is ABC123",
        "my PIN is 4821",
        "My credit card number is 4111 1111 1111 1111"
      })
  void from_secret_tellsNothing(String text) {
    assertThat(lines(text)).isEmpty();
  }

  @Test
  void from_denialOfWhatWas_endsIt() {
    assertThat(lines("I don't work at Siemens anymore"))
        .containsExactly("Anna | works_at | Siemens ended");
    assertThat(lines("I used to live in Ghent")).containsExactly("Anna | lives_in | Ghent ended");
  }

  @Test
  void from_refusal_isAFact() {
    assertThat(lines("I don't eat pork or shellfish"))
        .containsExactly("Anna | diet | no pork", "Anna | diet | no shellfish");
    assertThat(lines("I don't like horror movies"))
        .containsExactly("Anna | dislikes | horror movies");
  }

  @Test
  void from_correction_takesTheAttributeOfWhatItCorrects() {
    var before = Turn.of("I live in Oslo", "Anna", SAID);
    var facts =
        FactExtraction.from(Turn.of("Actually, it's Bern, not Oslo", "Anna", SAID).after(before));
    assertThat(facts.stream().map(Score::line))
        .containsExactly("Anna | lives_in | Bern correction");
    assertThat(lines("Actually, it's Bern, not Oslo")).isEmpty();
  }

  @Test
  void from_times_areThoseOfTheDayItWasSaid() {
    assertThat(lines("I've been living in Lisbon since 2019"))
        .containsExactly("Anna | lives_in | Lisbon from 2019-01-01T00:00:00Z");
    assertThat(lines("We're staying in Kyoto until March 28"))
        .containsExactly("Anna | lives_in | Kyoto until 2026-03-29T00:00:00Z");
    assertThat(lines("I have a dentist appointment tomorrow at 3pm"))
        .containsExactly(
            "Anna | event | dentist appointment from 2026-03-11T00:00:00Z until 2026-03-12T00:00:00Z");
    assertThat(lines("I live in Bern since February 30")).containsExactly("Anna | lives_in | Bern");
  }

  @Test
  void from_conversation_hasItsSpeakersAndOffsets() {
    var text =
        """
        I live in Bern.
        **Tom:** I work at Bosch
        and I'm vegan
        [10:31] assistant: My name is Claude. I live in a box.
        - Mia (10:32): my name is Mia
        note: I live in Rome
        """;
    var facts = FactExtraction.from(text, SAID);
    assertThat(facts.stream().map(Score::line))
        .containsExactly(
            "user | lives_in | Bern",
            "Tom | works_at | Bosch",
            "Tom | diet | vegan",
            "Mia | name | Mia",
            "Mia | lives_in | Rome");
    assertThat(facts.stream().map(fact -> text.substring(fact.start(), fact.end())))
        .containsExactly(
            "I live in Bern", "I work at Bosch", "I'm vegan", "my name is Mia", "I live in Rome");
  }

  @Test
  void from_conversationThatRepeats_tellsOnceAndEachChange() {
    var text =
        """
        Tom: I live in Bern
        Tom: as I said before, I live in Bern
        Tom: I live in Bern
        Tom: I moved to Oslo
        Tom: I live in Bern
        """;
    assertThat(FactExtraction.from(text, SAID).stream().map(Extracted::value))
        .containsExactly("Bern", "Oslo", "Bern");
  }

  @Test
  void from_subjectCarriedOver_isThatOfTheClauseBefore() {
    assertThat(lines("I live in Bern and work at Bosch"))
        .containsExactly("Anna | lives_in | Bern", "Anna | works_at | Bosch");
    assertThat(lines("I know people who work at Bosch and live in Bern")).isEmpty();
  }

  @Test
  void from_ownersName_isNotTheOneWhoIs() {
    assertThat(lines("My daughter's teacher is Mr. Okoye and he's great")).isEmpty();
    assertThat(lines("my brother's a nurse")).containsExactly("Anna's brother | job | nurse");
  }

  @Test
  void from_instructionAmongPeople_isASaying() {
    assertThat(lines("always answer in English")).isEmpty();
    var user = Turn.of("always answer in English", null, SAID);
    assertThat(FactExtraction.from(user).stream().map(Score::line))
        .containsExactly("user | instruction | always answer in English");
    var model = Turn.of("How may I help?", "assistant", SAID);
    var toModel = Turn.of("always answer in English", "Anna", SAID).after(model);
    assertThat(FactExtraction.from(toModel)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "I'm 20 minutes late",
        "I turned 3 pages",
        "I have a dog in this fight",
        "I have a dog walker",
        "I have a brother in law",
        "I went to Mass",
        "I went to a Kotlin workshop",
        "I moved to Linux",
        "I joined Zoom late",
        "I have diabetes in my family",
        "My late husband Tom was a pilot",
        "I live in hope",
        "I love the view",
        "I'm going to bed",
        "I'm learning a lot",
        "the problem of the day is coffee",
        "the price of freedom is eternal vigilance"
      })
  void from_wordsThatOnlyLookLikeAFact_tellsNothing(String text) {
    assertThat(lines(text)).isEmpty();
  }
}
