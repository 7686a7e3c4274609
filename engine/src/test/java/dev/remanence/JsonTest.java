package dev.remanence;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.TooLarge;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// The vectors of RFC 8785, a table of refusals, and properties over random values and bytes. A
/// failed property prints its seed: `-Dremanence.seed=...` replays it.
final class JsonTest {

  @Test
  void canonical_numbersOfRfc8785AppendixB_areThoseOfEcmaScript() {
    var vectors =
        new String[][] {
          {"0000000000000000", "0"},
          {"8000000000000000", "0"},
          {"0000000000000001", "5e-324"},
          {"8000000000000001", "-5e-324"},
          {"7fefffffffffffff", "1.7976931348623157e+308"},
          {"ffefffffffffffff", "-1.7976931348623157e+308"},
          {"4340000000000000", "9007199254740992"},
          {"c340000000000000", "-9007199254740992"},
          {"4430000000000000", "295147905179352830000"},
          {"44b52d02c7e14af5", "9.999999999999997e+22"},
          {"44b52d02c7e14af6", "1e+23"},
          {"44b52d02c7e14af7", "1.0000000000000001e+23"},
          {"444b1ae4d6e2ef4e", "999999999999999700000"},
          {"444b1ae4d6e2ef4f", "999999999999999900000"},
          {"444b1ae4d6e2ef50", "1e+21"},
          {"3eb0c6f7a0b5ed8c", "9.999999999999997e-7"},
          {"3eb0c6f7a0b5ed8d", "0.000001"},
          {"41b3de4355555553", "333333333.3333332"},
          {"41b3de4355555554", "333333333.33333325"},
          {"41b3de4355555555", "333333333.3333333"},
          {"41b3de4355555556", "333333333.3333334"},
          {"41b3de4355555557", "333333333.33333343"},
          {"becbf647612f3696", "-0.0000033333333333333333"},
          {"43143ff3c1cb0959", "1424953923781206.2"},
        };
    for (var vector : vectors) {
      double value = Double.longBitsToDouble(Long.parseUnsignedLong(vector[0], 16));
      assertThat(Json.of(value).canonical()).as(vector[0]).isEqualTo(vector[1]);
      assertThat(Json.parse(vector[1])).as(vector[1]).isEqualTo(Json.of(value));
    }
  }

  @Test
  void canonical_smallestDoubles_takeOneDigitWhereOneIsEnough() {
    // Printed by node 20; Double.toString has 9.9E-324, 1.5E-323, 2.0E-323, 2.5E-323, ... 4.9E-323.
    var expected =
        List.of("5e-324", "1e-323", "1.5e-323", "2e-323", "2.5e-323", "3e-323", "3.5e-323");
    for (int i = 0; i < expected.size(); i++) {
      assertThat(Json.of((i + 1) * Double.MIN_VALUE).canonical()).isEqualTo(expected.get(i));
    }
    assertThat(Json.of(10 * Double.MIN_VALUE).canonical()).isEqualTo("5e-323");
  }

  @Test
  void canonical_sortingExampleOfRfc8785_goesByUtf16CodeUnits() {
    var value =
        Json.parse(
            """
            {
              "\\u20ac": "Euro Sign",
              "\\r": "Carriage Return",
              "\\ufb33": "Hebrew Letter Dalet With Dagesh",
              "1": "One",
              "\\ud83d\\ude00": "Emoji: Grinning Face",
              "\\u0080": "Control",
              "\\u00f6": "Latin Small Letter O With Diaeresis"
            }
            """);
    assertThat(value.canonical())
        .isEqualTo(
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\","
                + "\"\u00f6\":\"Latin Small Letter O With Diaeresis\",\"\u20ac\":\"Euro Sign\","
                + "\"\ud83d\ude00\":\"Emoji: Grinning Face\","
                + "\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}");
  }

  @Test
  void canonical_exampleOfRfc8785_matchesItsBytes() {
    var value =
        Json.parse(
            """
            {
              "numbers": [333333333.33333329, 1E30, 4.50,
                          2e-3, 0.000000000000000000000000001],
              "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
              "literals": [null, true, false]
            }
            """);
    assertThat(value.canonical())
        .isEqualTo(
            "{\"literals\":[null,true,false],"
                + "\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
                + "\"string\":\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
    assertThat(value.canonicalBytes()).isEqualTo(value.canonical().getBytes(UTF_8));
  }

  @Test
  void canonical_controlCharacters_takeTheShortEscapeWhereThereIsOne() {
    assertThat(Json.of("\0\b\t\n\u000b\f\r\u001f\u007f/").canonical())
        .isEqualTo("\"\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f\u007f/\"");
  }

  @Test
  void toString_keepsTheOrderOfFields_prettyIndentsThem() {
    var value =
        Json.object()
            .put("b", 1)
            .put("a", 0.5)
            .put("c", Json.array(List.of(Json.of("x"), Json.ofNull(), Json.of(true))))
            .put("d", Json.object().build())
            .put("e", Json.array(List.of()))
            .build();
    assertThat(value).hasToString("{\"b\":1,\"a\":0.5,\"c\":[\"x\",null,true],\"d\":{},\"e\":[]}");
    assertThat(value.pretty())
        .isEqualTo(
            """
            {
              "b": 1,
              "a": 0.5,
              "c": [
                "x",
                null,
                true
              ],
              "d": {},
              "e": []
            }\
            """);
    assertThat(Json.parse(value.pretty())).isEqualTo(value);
    assertThat(value.canonical())
        .isEqualTo("{\"a\":0.5,\"b\":1,\"c\":[\"x\",null,true],\"d\":{},\"e\":[]}");
  }

  @Test
  void equals_fieldsInAnotherOrder_isTheSameValue() {
    var one = Json.parse("{\"a\":1,\"b\":[true]}");
    var other = Json.parse("{\"b\":[true],\"a\":1.0}");
    assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
    assertThat(Json.parse("[1,2]")).isNotEqualTo(Json.parse("[2,1]"));
    assertThat(Json.parse("-0")).isEqualTo(Json.of(0));
    assertThat(Json.parse("-0.0")).hasToString("0").isEqualTo(Json.of(0));
    assertThat(1 / Json.of(-0.0).value()).isPositive();
  }

  @Test
  void parse_integers_areExactOrRefused() {
    for (String exact :
        List.of(
            "9007199254740992",
            "-9007199254740994",
            "9223372036854775808",
            "9223372036854776000",
            "100000000000000000000",
            "295147905179352825856")) {
      assertThat(Json.parse(exact)).as(exact).isEqualTo(Json.of(Double.parseDouble(exact)));
    }
    for (String lost :
        List.of(
            "9007199254740993",
            "-9007199254740993",
            "9223372036854775807",
            "9223372036854775999",
            "295147905179352825857")) {
      assertThatThrownBy(() -> Json.parse("[" + lost + "]"))
          .as(lost)
          .isInstanceOf(InvalidInput.class)
          .hasMessageContaining("offset=1,")
          .hasMessageContaining("send it as a string");
    }
    assertThat(Json.of(Long.MIN_VALUE).value()).isEqualTo(-0x1p63);
    assertThat(Json.of(-9007199254740992L)).hasToString("-9007199254740992");
    assertThatThrownBy(() -> Json.of(9007199254740993L)).isInstanceOf(InvalidInput.class);
    assertThatThrownBy(() -> Json.of(Long.MAX_VALUE)).isInstanceOf(InvalidInput.class);
  }

  @Test
  void longValue_ofAnInteger_isExact_otherwiseRefused() {
    assertThat(Json.of(42).longValue()).isEqualTo(42);
    assertThat(Json.of(Long.MIN_VALUE).longValue()).isEqualTo(Long.MIN_VALUE);
    assertThat(Json.of(1e18).longValue()).isEqualTo(1_000_000_000_000_000_000L);
    for (double refused : new double[] {0.5, 0x1p63, -0x1.1p63, 1e300}) {
      assertThatThrownBy(() -> Json.of(refused).longValue()).isInstanceOf(InvalidInput.class);
    }
  }

  @Test
  void getters_absentOrNull_answerNull_anotherKindIsRefusedByName() {
    var value =
        (Json.Obj)
            Json.parse("{\"s\":\"x\",\"n\":2,\"b\":true,\"a\":[1],\"o\":{\"p\":1},\"z\":null}");
    assertThat(value.get("missing")).isNull();
    assertThat(value.get("z")).isEqualTo(Json.ofNull());
    assertThat(value.string("s")).isEqualTo("x");
    assertThat(value.number("n")).isEqualTo(Json.of(2));
    assertThat(value.bool("b")).isTrue();
    assertThat(value.array("a")).isEqualTo(Json.array(List.of(Json.of(1))));
    assertThat(value.object("o")).isEqualTo(Json.object().put("p", 1).build());
    for (String name : List.of("z", "missing")) {
      assertThat(value.string(name)).isNull();
      assertThat(value.number(name)).isNull();
      assertThat(value.bool(name)).isNull();
      assertThat(value.array(name)).isNull();
      assertThat(value.object(name)).isNull();
    }
    assertThatThrownBy(() -> value.string("n"))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("field of the wrong kind: field=\"n\", expected=a string, found=a number");
    assertThatThrownBy(() -> value.number("s")).isInstanceOf(InvalidInput.class);
    assertThatThrownBy(() -> value.bool("o")).hasMessageEndingWith("found=an object");
    assertThatThrownBy(() -> value.array("b")).hasMessageEndingWith("found=true or false");
    assertThatThrownBy(() -> value.object("a")).hasMessageEndingWith("found=an array");
  }

  @Test
  void factories_outsideTheModel_refuse() {
    List<Runnable> refused =
        List.of(
            () -> Json.of(Double.NaN),
            () -> Json.of(Double.POSITIVE_INFINITY),
            () -> Json.of(Double.NEGATIVE_INFINITY),
            () -> Json.of("a\ud83d"),
            () -> Json.of("\ude00\ud83d"),
            () -> Json.of("\ud83d\ud83d\ude00"),
            () -> Json.object().put("\ude00", 1).build(),
            () -> new Json.Obj(Map.of("\ud83d", Json.of(1))),
            () -> Json.object().put("a", 1).put("a", "again"));
    for (int i = 0; i < refused.size(); i++) {
      assertThat(catchThrowable(refused.get(i)::run))
          .as("case %d", i)
          .isInstanceOf(InvalidInput.class);
    }
    assertThat(Json.of("\ud83d\ude00").value()).hasSize(2);
  }

  @Test
  void values_areCopies_andCannotBeChanged() {
    var items = new ArrayList<>(List.of(Json.of(1)));
    var array = Json.array(items);
    items.clear();
    assertThat(array.items()).hasSize(1);
    var fields = Json.object().put("a", 1);
    var object = fields.build();
    fields.put("b", 2);
    assertThat(object.fields()).hasSize(1);
    assertThatThrownBy(() -> object.fields().put("c", Json.ofNull()))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> array.items().clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  private record Refusal(String text, int offset, String expected) {}

  @Test
  void parse_outsideTheGrammar_saysWhereWhatWasExpectedAndWhatCame() {
    var refusals =
        List.of(
            new Refusal("", 0, "a value"),
            new Refusal("  ", 2, "a value"),
            new Refusal("\ufeff1", 0, "a value without a byte order mark"),
            new Refusal("1 2", 2, "nothing after the value"),
            new Refusal("{}x", 2, "nothing after the value"),
            new Refusal("1\0", 1, "nothing after the value"),
            new Refusal("tru", 0, "true"),
            new Refusal("True", 0, "a value"),
            new Refusal("nul ", 0, "null"),
            new Refusal("falsy", 0, "false"),
            new Refusal("NaN", 0, "a value"),
            new Refusal("Infinity", 0, "a value"),
            new Refusal("-Infinity", 1, "a digit"),
            new Refusal("+1", 0, "a value"),
            new Refusal(".5", 0, "a value"),
            new Refusal("-", 1, "a digit"),
            new Refusal("1.", 2, "a digit"),
            new Refusal("1.e1", 2, "a digit"),
            new Refusal("1e", 2, "a digit"),
            new Refusal("1e+", 3, "a digit"),
            new Refusal("01", 0, "a number without leading zeros"),
            new Refusal("[-01]", 2, "a number without leading zeros"),
            new Refusal("00", 0, "a number without leading zeros"),
            new Refusal("0x10", 1, "nothing after the value"),
            new Refusal("1e400", 0, "a number in the range of a double"),
            new Refusal("-1e400", 0, "a number in the range of a double"),
            new Refusal("1" + "0".repeat(400), 0, "a number in the range of a double"),
            new Refusal("[1,]", 3, "a value"),
            new Refusal("[,1]", 1, "a value"),
            new Refusal("[1 2]", 3, "a comma or a closing bracket"),
            new Refusal("[1", 2, "a comma or a closing bracket"),
            new Refusal("[", 1, "a value"),
            new Refusal("]", 0, "a value"),
            new Refusal("{", 1, "a name in double quotes"),
            new Refusal("{,}", 1, "a name in double quotes"),
            new Refusal("{a:1}", 1, "a name in double quotes"),
            new Refusal("{'a':1}", 1, "a name in double quotes"),
            new Refusal("{1:1}", 1, "a name in double quotes"),
            new Refusal("{\"a\" 1}", 5, "a colon"),
            new Refusal("{\"a\":}", 5, "a value"),
            new Refusal("{\"a\":1,}", 7, "a name in double quotes"),
            new Refusal("{\"a\":1 \"b\":2}", 7, "a comma or a closing brace"),
            new Refusal("{\"a\":1,\"b\":2,\"a\":3}", 13, "each name once"),
            new Refusal("{\"a\":1,\"\\u0061\":2}", 7, "each name once"),
            new Refusal("\"a", 2, "a closing quote"),
            new Refusal("\"a\\\"", 4, "a closing quote"),
            new Refusal("\"a\nb\"", 2, "an escape for a control character"),
            new Refusal("\"\\n\u001f\"", 3, "an escape for a control character"),
            new Refusal("\"\\x41\"", 2, "one of \"\\/bfnrtu after a backslash"),
            new Refusal("\"\\", 2, "one of \"\\/bfnrtu after a backslash"),
            new Refusal("\"\\u12", 5, "four hexadecimal digits"),
            new Refusal("\"\\u12g4\"", 5, "four hexadecimal digits"),
            new Refusal("\"\\u\uff11234\"", 3, "four hexadecimal digits"),
            new Refusal("\"\\ud83d\"", 1, "both halves of a surrogate pair"),
            new Refusal("\"ab\\ude00\"", 3, "both halves of a surrogate pair"),
            new Refusal("\"\\ud83d\\ud83d\"", 1, "both halves of a surrogate pair"),
            new Refusal("\"\\ud83dx\"", 1, "both halves of a surrogate pair"),
            new Refusal("\"x\ud83d\"", 2, "both halves of a surrogate pair"),
            new Refusal("\"x\ude00\"", 2, "both halves of a surrogate pair"),
            new Refusal("\"\\n\ud83d\"", 3, "both halves of a surrogate pair"),
            new Refusal("\"\\ud83d\ude00\"", 1, "both halves of a surrogate pair"),
            new Refusal("/* */1", 0, "a value"),
            new Refusal("\u00a01", 0, "a value"));
    for (var refusal : refusals) {
      var thrown = catchThrowable(() -> Json.parse(refusal.text()));
      assertThat(thrown).as(refusal.text()).isInstanceOf(InvalidInput.class);
      var facts = ((InvalidInput) thrown).facts();
      assertThat(facts.get("offset")).as(refusal.text()).isEqualTo(refusal.offset());
      assertThat(facts.get("expected")).as(refusal.text()).isEqualTo(refusal.expected());
      assertThat(thrown).hasMessageContaining("found=");
    }
  }

  @Test
  void parse_refused_showsLittleOfTheInputAndOnlyPrintableAscii() {
    String secret = "x\u0007\u20ac\ud83d" + "s".repeat(1000);
    for (String text :
        List.of(
            secret,
            "{\"" + "k".repeat(1000) + "\":1,\"" + "k".repeat(1000) + "\":1}",
            "1".repeat(300),
            "\"\\" + secret,
            "[1" + secret)) {
      String message = String.valueOf(catchThrowable(() -> Json.parse(text)).getMessage());
      assertThat(message)
          .hasSizeLessThan(220)
          .matches("[ -~]*")
          .endsWith(text.length() == 300 ? "string" : "\"...");
    }
    assertThatThrownBy(() -> Json.parse("{\"a\\u0000\":1,\"a\\u0000\":2}"))
        .hasMessage("not JSON: offset=13, expected=each name once, found=a second \"a\\u0000\"");
    assertThatThrownBy(() -> Json.parse("[1")).hasMessageEndingWith("found=the end");
  }

  @Test
  void parse_bytes_refusesWhatIsNotUtf8_andCountsOffsetsInBytes() {
    var malformed =
        List.of(
            "\"\u0080\"", // a continuation byte alone
            "\"\u00c0\u0080\"", // NUL in two bytes
            "\"\u00c1\u00bf\"", // overlong
            "\"\u00e0\u009f\u00bf\"", // overlong
            "\"\u00ed\u00a0\u0080\"", // half a surrogate pair
            "\"\u00f0\u008f\u00bf\u00bf\"", // overlong
            "\"\u00f4\u0090\u0080\u0080\"", // beyond U+10FFFF
            "\"\u00ff\"",
            "\"\u00e2\u0082\"", // cut short
            "\"\u00e2\u0082"); // cut short by the end
    for (String latin1 : malformed) {
      byte[] bytes = latin1.getBytes(ISO_8859_1);
      assertThatThrownBy(() -> Json.parse(bytes))
          .as(Arrays.toString(bytes))
          .isInstanceOf(InvalidInput.class)
          .hasMessageContaining("offset=1, expected=UTF-8, found=byte ");
    }
    assertThat(Json.parse("\"\ufffd\u20ac\ud83d\ude00\"".getBytes(UTF_8)))
        .isEqualTo(Json.of("\ufffd\u20ac\ud83d\ude00"));
    byte[] trailing = "[\"\u00f6\u20ac\ud83d\ude00\"] x".getBytes(UTF_8);
    assertThatThrownBy(() -> Json.parse(trailing)).hasMessageContaining("offset=14,");
    assertThatThrownBy(() -> Json.parse("\ufeff{}".getBytes(UTF_8)))
        .hasMessageContaining("byte order mark");
  }

  @Test
  void parse_nestedBeyondTheLimit_isTooLarge() {
    assertThat(Json.parse("[".repeat(80) + "]".repeat(80)).toString()).hasSize(160);
    assertThat(Json.parse("[" + "[[]],".repeat(100) + "1]")).isInstanceOf(Json.Arr.class);
    assertThatThrownBy(() -> Json.parse("[".repeat(81) + "]".repeat(81)))
        .isInstanceOf(TooLarge.class)
        .hasMessageContaining("levels_max=80, offset=80");
    assertThatThrownBy(() -> Json.parse("{\"a\":".repeat(100_000))).isInstanceOf(TooLarge.class);
    Json deep = Json.ofNull();
    for (int i = 0; i < 81; i++) {
      deep = Json.object().put("a", deep).build();
    }
    assertThatThrownBy(deep::canonical).isInstanceOf(TooLarge.class);
  }

  @Test
  void canonical_anyValue_readsBackEqualAndStaysTheSame() {
    forSeeds(
        3_000,
        random -> {
          Json value = value(random, 5);
          String canonical = value.canonical();
          assertThat(Json.parse(canonical)).isEqualTo(value);
          assertThat(Json.parse(canonical).canonical()).isEqualTo(canonical);
          assertThat(Json.parse(value.canonicalBytes())).isEqualTo(value);
          assertThat(Json.parse(value.toString())).isEqualTo(value);
          assertThat(Json.parse(value.toString()).toString()).isEqualTo(value.toString());
          assertThat(Json.parse(value.pretty())).isEqualTo(value);
        });
  }

  @Test
  void canonical_anyDouble_hasTheFewestDigitsAndOfThoseTheClosest() {
    forSeeds(
        20_000,
        random -> {
          double value = number(random);
          String text = Json.of(value).canonical();
          assertThat(Double.parseDouble(text)).isEqualTo(value == 0 ? 0.0 : value);
          int digits = new BigDecimal(text).stripTrailingZeros().precision();
          var exact = new BigDecimal(value);
          if (value != 0 && digits > 1) {
            assertThat(exact.round(new MathContext(digits - 1)).doubleValue()).isNotEqualTo(value);
          }
          assertThat(new BigDecimal(text))
              .isEqualByComparingTo(exact.round(new MathContext(digits, RoundingMode.HALF_EVEN)));
        });
  }

  @Test
  void parse_mutatedBytes_throwNothingOutsideTheFamily() {
    forSeeds(
        20_000,
        random -> {
          byte[] bytes = value(random, 4).canonicalBytes();
          int mutations = random.nextInt(1, 5);
          for (int i = 0; i < mutations && bytes.length > 0; i++) {
            bytes = mutate(random, bytes);
          }
          byte[] mutated = bytes;
          var thrown = catchThrowable(() -> checkSame(mutated));
          if (thrown != null) {
            assertThat(thrown)
                .as(Arrays.toString(mutated))
                .isInstanceOfAny(InvalidInput.class, TooLarge.class);
          }
        });
  }

  /// What the bytes say, the same text says too.
  private static void checkSame(byte[] bytes) {
    Json value = Json.parse(bytes);
    if (!Json.parse(new String(bytes, UTF_8)).equals(value)
        || !Json.parse(value.canonical()).equals(value)) {
      throw new AssertionError("read differently: " + value);
    }
  }

  private static byte[] mutate(SplittableRandom random, byte[] bytes) {
    int at = random.nextInt(bytes.length);
    byte[] alphabet = "[]{}\",:\\u0123456789eE+-. tfn\n\ufffd".getBytes(UTF_8);
    byte symbol =
        random.nextBoolean() ? (byte) random.nextInt() : alphabet[random.nextInt(alphabet.length)];
    return switch (random.nextInt(4)) {
      case 0 -> {
        byte[] flipped = bytes.clone();
        flipped[at] = symbol;
        yield flipped;
      }
      case 1 -> Arrays.copyOf(bytes, at);
      case 2 -> {
        byte[] longer = new byte[bytes.length + 1];
        System.arraycopy(bytes, 0, longer, 0, at);
        longer[at] = symbol;
        System.arraycopy(bytes, at, longer, at + 1, bytes.length - at);
        yield longer;
      }
      default -> {
        byte[] shorter = Arrays.copyOf(bytes, bytes.length - 1);
        System.arraycopy(bytes, at + 1, shorter, at, bytes.length - at - 1);
        yield shorter;
      }
    };
  }

  private static Json value(SplittableRandom random, int depth) {
    return switch (random.nextInt(depth == 0 ? 5 : 8)) {
      case 0 -> Json.ofNull();
      case 1 -> Json.of(random.nextBoolean());
      case 2 -> Json.of(number(random));
      case 3 -> Json.of(random.nextLong(-(1L << 53), (1L << 53) + 1));
      case 4 -> Json.of(text(random));
      case 5 -> {
        var items = new ArrayList<Json>();
        for (int i = random.nextInt(5); i > 0; i--) {
          items.add(value(random, depth - 1));
        }
        yield Json.array(items);
      }
      default -> {
        var fields = Json.object();
        for (int i = random.nextInt(6); i > 0; i--) {
          fields.put(i + text(random), value(random, depth - 1));
        }
        yield fields.build();
      }
    };
  }

  private static double number(SplittableRandom random) {
    return switch (random.nextInt(6)) {
      case 0 -> random.nextInt(-1000, 1000) / 100.0;
      case 1 -> Math.scalb((double) random.nextLong(), random.nextInt(-80, 80));
      case 2 -> Double.longBitsToDouble(random.nextLong(1L << random.nextInt(1, 53)));
      case 3 -> Double.parseDouble(random.nextInt(100) + "e" + random.nextInt(-330, 300));
      case 4 -> random.nextInt(1000) * Math.scalb(1.0, random.nextInt(40, 80));
      default -> {
        double any = Double.longBitsToDouble(random.nextLong());
        yield Double.isFinite(any) ? any : -0.0;
      }
    };
  }

  private static String text(SplittableRandom random) {
    var text = new StringBuilder();
    for (int i = random.nextInt(8); i > 0; i--) {
      int codePoint =
          switch (random.nextInt(5)) {
            case 0 -> random.nextInt(0x30);
            case 1 -> random.nextInt(0x30, 0x80);
            case 2 -> random.nextInt(0x80, 0xd800);
            case 3 -> random.nextInt(0xe000, 0x10000);
            default -> random.nextInt(0x10000, 0x110000);
          };
      text.appendCodePoint(codePoint);
    }
    return text.toString();
  }

  /// Runs a property many times, each with a seed of its own; a given seed runs once.
  private static void forSeeds(int runs, Consumer<SplittableRandom> property) {
    Long given = Long.getLong("remanence.seed");
    var seeds = new SplittableRandom();
    for (int run = 0; run < (given == null ? runs : 1); run++) {
      long seed = given == null ? seeds.nextLong() : given;
      try {
        property.accept(new SplittableRandom(seed));
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("replay with -Dremanence.seed=" + seed, e);
      }
    }
  }
}
