package dev.remanence.daemon.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remanence.Filter;
import dev.remanence.Filter.Op;
import dev.remanence.Filter.Span;
import dev.remanence.Json;
import dev.remanence.Kind;
import dev.remanence.RemanenceException.InvalidInput;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FiltersTest {
  private static final List<Parameter> KNOWN =
      List.of(Parameter.optional("filter", Type.FILTER, ""));

  private static Filter filter(String json) {
    return Filters.read(
        new Params("", (Json.Obj) Json.parse("{\"filter\": " + json + "}"), KNOWN, "global"));
  }

  @Test
  void read_nothing_letsEverythingPass() {
    assertThat(filter("null")).isEqualTo(Filter.ALL);
    assertThat(filter("{}")).isEqualTo(Filter.ALL);
  }

  @Test
  void read_allParts() {
    var filter =
        filter(
            """
            {"kind": ["ghost", "working"], "tags": {"any": ["a"], "all": ["b", "c"], "none": ["d"]},
             "metadata": {"city": "Berlin", "size": {"gte": 3}, "colour": {"in": ["red", 1]}},
             "at": {"from": "2026-01-01", "to": "2026-02-01T00:00:00+01:00"},
             "recorded": {"from": "2026-03-01"}, "importance": {"min": 0.1, "max": 0.9},
             "key": {"prefix": "home/"}, "tool": "cli", "session": "s", "pinned": false}
            """);
    assertThat(filter.kinds()).isEqualTo(Set.of(Kind.GHOST, Kind.WORKING));
    assertThat(filter.tagsAny()).isEqualTo(Set.of("a"));
    assertThat(filter.tagsAll()).isEqualTo(Set.of("b", "c"));
    assertThat(filter.tagsNone()).isEqualTo(Set.of("d"));
    assertThat(filter.metadata())
        .containsEntry("city", List.of(Filter.Test.is(Json.of("Berlin"))))
        .containsEntry("size", List.of(new Filter.Test(Op.GTE, List.of(Json.of(3L)))))
        .containsEntry(
            "colour", List.of(new Filter.Test(Op.IN, List.of(Json.of("red"), Json.of(1L)))));
    assertThat(filter.at())
        .isEqualTo(
            new Span(Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2026-01-31T23:00:00Z")));
    assertThat(filter.recorded()).isEqualTo(new Span(Instant.parse("2026-03-01T00:00:00Z"), null));
    assertThat(filter.importanceMin()).isEqualTo(0.1);
    assertThat(filter.importanceMax()).isEqualTo(0.9);
    assertThat(filter.keyPrefix()).isEqualTo("home/");
    assertThat(filter.tool()).isEqualTo("cli");
    assertThat(filter.session()).isEqualTo("s");
    assertThat(filter.pinned()).isFalse();
  }

  @Test
  void read_comparisonsOfObjectsAndTwice() {
    var filter =
        filter(
            """
            {"metadata": {"o": {"eq": {"a": 1}}, "n": {"all": [{"ne": 1}, {"ne": 2, "lt": 9}]},
             "none": {"all": []}}}
            """);
    assertThat(filter.metadata())
        .containsEntry("o", List.of(Filter.Test.is(Json.parse("{\"a\": 1}"))))
        .containsEntry(
            "n",
            List.of(
                new Filter.Test(Op.NE, List.of(Json.of(1L))),
                new Filter.Test(Op.NE, List.of(Json.of(2L))),
                new Filter.Test(Op.LT, List.of(Json.of(9L)))))
        .containsEntry("none", List.of());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          []                               | filter is an object; found a list
          {"kinds": []}                    | unknown parameter filter.kinds; did you mean filter.kind?; known are kind, tags, metadata, at, recorded, importance, key, tool, session, pinned
          {"kind": "ghost"}                | filter.kind is a list of strings; found a string
          {"kind": ["gost"]}              | filter.kind[0] is one of working, episodic, semantic, procedural, ghost, soliton; found 'gost', did you mean ghost?
          {"tags": ["a"]}                  | filter.tags is an object; found a list
          {"tags": {"every": ["a"]}}       | unknown parameter filter.tags.every; known are any, all, none
          {"at": {"from": "soon"}}         | filter.at.from is a time in RFC 3339, such as 2026-11-21T09:30:00Z, or a date; found 'soon'
          {"importance": {"min": 2}}       | filter.importance.min is a number from 0 to 1; found 2.0
          {"metadata": {"a": {"above": 1}}} | filter.metadata.a compares by one of eq, ne, gt, gte, lt, lte, in, all; found 'above'
          {"metadata": {"a": {"in": 1}}}   | filter.metadata.a.in is a list; found a number
          {"metadata": {"a": {"all": {}}}} | filter.metadata.a.all is a list; found an object
          {"metadata": {"a": {"all": [1]}}} | filter.metadata.a.all[0] is an object with comparisons; found a number
          {"metadata": {"a": {"all": [{"x": 1}]}}} | filter.metadata.a.all[0] compares by one of eq, ne, gt, gte, lt, lte, in, all; found 'x'
          {"metadata": {"a": {}}}          | filter.metadata.a is a value or an object with comparisons; found none
          """)
  void read_wrongPart_isRefused(String json, String message) {
    assertThatThrownBy(() -> filter(json)).isInstanceOf(InvalidInput.class).hasMessage(message);
  }
}
