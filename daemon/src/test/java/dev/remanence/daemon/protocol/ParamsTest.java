package dev.remanence.daemon.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remanence.Json;
import dev.remanence.Kind;
import dev.remanence.RemanenceException.InvalidInput;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ParamsTest {
  private static final List<Parameter> KNOWN =
      List.of(
          Parameter.optional("scope", Type.SCOPE, ""),
          Parameter.optional("text", Type.TEXT, ""),
          Parameter.optional("tags", Type.STRINGS, ""),
          Parameter.optional("metadata", Type.OBJECT, ""),
          Parameter.optional("pinned", Type.BOOLEAN, ""),
          Parameter.optional("limit", Type.INTEGER, ""),
          Parameter.optional("importance", Type.NUMBER, ""),
          Parameter.optional("at", Type.TIME, ""),
          Parameter.optional("ttl", Type.DURATION, ""),
          Parameter.optional("id", Type.ID, ""),
          Parameter.optional("kind", Type.CHOICE, ""),
          Parameter.optional("vector", Type.NUMBERS, ""),
          Parameter.optional("file", Type.PATH, ""),
          Parameter.optional("links", Type.LINKS, ""));

  private static final List<Parameter> LINK =
      List.of(Parameter.required("type", Type.TEXT, ""), Parameter.required("to", Type.ID, ""));

  private static Params params(String json) {
    return new Params("", (Json.Obj) Json.parse(json), KNOWN, "global");
  }

  @Test
  void read_everyType() {
    var params =
        params(
            """
            {"text": "t", "tags": ["a", "b"], "metadata": {"k": 1}, "pinned": true, "limit": 1e1,
             "importance": 0.25, "at": "2026-11-21", "ttl": "7d", "kind": "ghost", "vector": [1, 0.5],
             "id": "019AA2F3-6f0e-7c11-8a57-3f1f6d1c9b42", "scope": "acme/user:42"}
            """);
    assertThat(params.text("text")).isEqualTo("t");
    assertThat(params.optionalStrings("tags")).containsExactly("a", "b");
    assertThat(params.object("metadata")).isEqualTo(Json.parse("{\"k\": 1}"));
    assertThat(params.flag("pinned")).isTrue();
    assertThat(params.integer("limit")).isEqualTo(10);
    assertThat(params.optionalNumber("importance")).isEqualTo(0.25);
    assertThat(params.optionalTime("at")).isEqualTo(Instant.parse("2026-11-21T00:00:00Z"));
    assertThat(params.optionalDuration("ttl")).isEqualTo(Duration.ofDays(7));
    assertThat(params.choice("kind", Kind.SEMANTIC)).isEqualTo(Kind.GHOST);
    assertThat(params.optionalVector("vector")).containsExactly(1f, 0.5f);
    assertThat(params.id("id")).isEqualTo(UUID.fromString("019aa2f3-6f0e-7c11-8a57-3f1f6d1c9b42"));
    assertThat(params.scope()).isEqualTo("acme/user:42");
  }

  @Test
  void read_nothing_isAbsentOrTheStandard() {
    for (var params : List.of(params("{}"), params("{\"text\": null, \"at\": null}"))) {
      assertThat(params.has("text")).isFalse();
      assertThat(params.optionalText("text")).isNull();
      assertThat(params.optionalTime("at")).isNull();
      assertThat(params.choice("kind", Kind.SEMANTIC)).isEqualTo(Kind.SEMANTIC);
      assertThat(params.scope()).isEqualTo("global");
      assertThat(params.flag("pinned")).isFalse();
    }
    assertThat(params("{\"at\": null}").isNull("at")).isTrue();
    assertThat(params("{}").isNull("at")).isFalse();
  }

  @Test
  void unknown_isRefusedByNameWithTheKnownOnes() {
    assertThatThrownBy(() -> params("{\"tag\": []}"))
        .isInstanceOfSatisfying(
            InvalidInput.class,
            refusal -> {
              assertThat(refusal)
                  .hasMessageStartingWith("unknown parameter tag; did you mean tags?")
                  .hasMessageContaining("importance");
              assertThat(refusal.facts()).containsEntry("field", "tag");
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "createdAt",
        "updatedAt",
        "recordedAt",
        "revision",
        "count",
        "uses",
        "strength",
        "durable",
        "hash"
      })
  void recorded_cannotBeGiven(String name) {
    assertThatThrownBy(() -> params("{\"" + name + "\": 1}"))
        .isInstanceOf(InvalidInput.class)
        .hasMessageStartingWith(name + " cannot be given: ");
  }

  @Test
  void required_missingOrNull_isRefused() {
    for (var json : List.of("{\"to\": null, \"type\": \"x\"}", "{\"type\": \"x\"}")) {
      assertThatThrownBy(() -> new Params("links[0].", (Json.Obj) Json.parse(json), LINK, "global"))
          .isInstanceOf(InvalidInput.class)
          .hasMessage("links[0].to is required: an id: a UUID of 36 characters; found nothing");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"text": 1}            | text is a string; found a number
          {"tags": "a"}          | tags is a list of strings; found a string
          {"tags": ["a", 1]}     | tags[1] is a string; found a number
          {"metadata": []}       | metadata is an object; found a list
          {"pinned": "yes"}      | pinned is true or false; found a string
          {"limit": 1.5}         | limit is a whole number; found '1.5'
          {"limit": 1e300}       | limit is a whole number; found '1.0E300'
          {"limit": "10"}        | limit is a whole number; found a string
          {"importance": true}   | importance is a number; found true or false
          {"at": 1700000000}     | at is a time in RFC 3339, such as 2026-11-21T09:30:00Z, or a date; found a number
          {"ttl": 60}            | ttl is a duration such as 90s, 15m, 24h or 7d; found a number
          {"id": "1-1-1-1-1"}    | id is an id: a UUID of 36 characters; found '1-1-1-1-1'
          {"id": {}}             | id is an id: a UUID of 36 characters; found an object
          {"kind": "semantics"}  | kind is one of working, episodic, semantic, procedural, ghost, soliton; found 'semantics', did you mean semantic?
          {"kind": "SEMANTIC"}   | kind is one of working, episodic, semantic, procedural, ghost, soliton; found 'SEMANTIC', did you mean semantic?
          {"vector": [1, null]}  | vector[1] is a number; found null
          {"file": ""}           | file is a path; found ''
          {"links": [{"type": "x", "to": "y"}]} | links[0].to is an id: a UUID of 36 characters; found 'y'
          {"links": [{"typ": "x"}]} | unknown parameter links[0].typ; did you mean links[0].type?; known are type, to
          {"links": [[]]}        | links[0] is an object; found a list
          """)
  void read_wrongValue_namesFieldExpectedAndFound(String json, String message) {
    assertThatThrownBy(
            () -> {
              var params = params(json);
              params.optionalText("text");
              params.optionalStrings("tags");
              params.object("metadata");
              params.optionalFlag("pinned");
              params.optionalInteger("limit");
              params.optionalNumber("importance");
              params.optionalTime("at");
              params.optionalDuration("ttl");
              params.optionalId("id");
              params.optionalChoice("kind", Kind.class);
              params.optionalVector("vector");
              params.optionalPath("file");
              var links = params.optionalObjects("links", Type.LINKS, LINK);
              if (links != null) {
                links.getFirst().id("to");
              }
            })
        .isInstanceOf(InvalidInput.class)
        .hasMessage(message);
  }

  @Test
  void quoted_longOrControlledValue_isCutAndClean() {
    assertThat(Params.quoted("a\u001b[31m\nb")).isEqualTo("'a?[31m?b'");
    assertThat(Params.quoted("x".repeat(100))).isEqualTo("'" + "x".repeat(40) + "…'");
    assertThat(Params.quoted("x".repeat(39) + "😀")).isEqualTo("'" + "x".repeat(39) + "?…'");
  }
}
