package dev.remanence.mind.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remanence.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaTest {
  private static final Schema.Obj SCHEMA =
      Schema.object(
          Schema.field("id", new Schema.Choice(List.of("t1", "t2"))),
          Schema.field("sure", new Schema.Num(0, 1)),
          Schema.field("text", new Schema.OrNull(new Schema.Text(5))),
          Schema.field("on", new Schema.Bool()),
          Schema.field("tags", new Schema.Arr(new Schema.Text(3), 2)));

  private static final String GOOD =
      "{\"id\":\"t1\",\"sure\":0.5,\"text\":\"five5\",\"on\":true,\"tags\":[\"a\",\"b\"]}";

  @Test
  void error_whatFits_isNull() {
    assertThat(SCHEMA.error(Json.parse(GOOD))).isNull();
    assertThat(SCHEMA.error(Json.parse(GOOD.replace("\"five5\"", "null")))).isNull();
    assertThat(SCHEMA.error(Json.parse(GOOD.replace("\"text\":\"five5\",", "")))).isNull();
    assertThat(SCHEMA.error(Json.parse(GOOD.replace("0.5", "1")))).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"t1\"|\"t3\"|$.id",
        "\"t1\"|1|$.id",
        "0.5|1.01|$.sure",
        "0.5|-0.01|$.sure",
        "0.5|\"0.5\"|$.sure",
        "five5|sixsix|$.text",
        "\"on\":true,||$.on",
        "true|1|$.on",
        "\"a\"|\"four\"|$.tags[0]",
        "\"b\"|\"four\"|$.tags[1]",
        "\"b\"|\"b\",\"c\"|$.tags",
        "[\"a\",\"b\"]|{}|$.tags",
        "\"on\"|\"more\":1,\"on\"|$:",
      })
  void error_whatDoesNotFit_namesThePlaceAndNotWhatCame(String part, String instead, String place) {
    var bad = Json.parse(GOOD.replace(part, instead == null ? "" : instead));
    assertThat(SCHEMA.error(bad)).startsWith(place).doesNotContain("sixsix", "t3", "four", "more");
  }

  @Test
  void json_isJsonSchemaWithAllFieldsRequired() {
    var json = SCHEMA.json().toString();
    assertThat(json)
        .contains("\"required\":[\"id\",\"sure\",\"text\",\"on\",\"tags\"]")
        .contains("\"additionalProperties\":false")
        .contains("\"maxLength\":5", "\"maxItems\":2", "\"maximum\":1")
        .contains("{\"type\":\"null\"}");
    assertThat(SCHEMA.shape().toString()).doesNotContain("max", "minimum");
  }
}
