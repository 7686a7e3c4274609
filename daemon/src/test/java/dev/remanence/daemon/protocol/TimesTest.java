package dev.remanence.daemon.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remanence.RemanenceException.InvalidInput;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TimesTest {
  @ParameterizedTest
  @CsvSource({
    "2026-11-21, 2026-11-21T00:00:00.000Z",
    "2026-11-21T09:30:00Z, 2026-11-21T09:30:00.000Z",
    "2026-11-21t09:30:00z, 2026-11-21T09:30:00.000Z",
    "2026-11-21 09:30Z, 2026-11-21T09:30:00.000Z",
    "2026-11-21T09:30:00.5Z, 2026-11-21T09:30:00.500Z",
    "2026-11-21T09:30:00.123456789Z, 2026-11-21T09:30:00.123Z",
    "2026-11-21T09:30:00+02:00, 2026-11-21T07:30:00.000Z",
    "2026-11-21T00:10:00-00:30, 2026-11-21T00:40:00.000Z",
    "2016-12-31T23:59:60Z, 2017-01-01T00:00:00.000Z",
    "0001-01-01, 0001-01-01T00:00:00.000Z",
    "9999-12-31T23:59:59.999Z, 9999-12-31T23:59:59.999Z",
  })
  void parse_anyForm_isUtcWithMilliseconds(String written, String expected) {
    assertThat(Times.format(Times.parse("at", written))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "yesterday",
        "2026",
        "2026-13-01",
        "2026-02-30",
        "2026-11-21T09:30:00",
        "2026-11-21T25:00Z",
        "2026-11-21T09:30:00.Z",
        "2026-11-21T09:30:00+2",
        "2026-11-21T09:30:00+02:60",
        "+2026-11-21",
        "2026-11-21Z ",
        "20261121",
        "2026-11-21T09:30:60Z",
        "٢٠٢٦-11-21"
      })
  void parse_otherText_isRefusedWithFieldAndExpectation(String written) {
    assertThatThrownBy(() -> Times.parse("memories[2].at", written))
        .isInstanceOfSatisfying(
            InvalidInput.class,
            refusal -> {
              assertThat(refusal).hasMessageStartingWith("memories[2].at is a time in RFC 3339");
              assertThat(refusal.facts()).containsEntry("field", "memories[2].at");
            });
  }

  @Test
  void parse_randomTimes_agreesWithJavaTime() {
    long seed = Long.getLong("remanence.seed", new SplittableRandom().nextLong());
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 2000; i++) {
      var time = Instant.ofEpochMilli(random.nextLong(-62_135_596_800_000L, 253_402_300_800_000L));
      var offset = ZoneOffset.ofTotalSeconds(60 * random.nextInt(-18 * 60, 18 * 60 + 1));
      var local = OffsetDateTime.ofInstant(time, offset);
      if (local.getYear() < 1 || local.getYear() > 9999) {
        continue;
      }
      var written = local.format(DateTimeFormatter.ISO_OFFSET_DATE_TIME);
      assertThat(Times.parse("at", written)).as("-Dremanence.seed=" + seed).isEqualTo(time);
      assertThat(Instant.parse(Times.format(time))).isEqualTo(time);
      var date = LocalDate.ofInstant(time, ZoneOffset.UTC);
      assertThat(Times.parse("at", date.toString()))
          .isEqualTo(date.atStartOfDay(ZoneOffset.UTC).toInstant());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "90s, PT90S",
    "15m, PT15M",
    "24h, PT24H",
    "7d, PT168H",
    "1h30m, PT90M",
    "250ms, PT0.25S"
  })
  void duration_units(String written, String expected) {
    assertThat(Times.duration("ttl", written)).isEqualTo(Duration.parse(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "7",
        "d",
        "7 d",
        "-7d",
        "7w",
        "PT1H",
        "1.5h",
        "9999999999999999d",
        "999999999999d999999999999d7"
      })
  void duration_otherText_isRefused(String written) {
    assertThatThrownBy(() -> Times.duration("ttl", written))
        .isInstanceOf(InvalidInput.class)
        .hasMessageStartingWith("ttl is a duration such as 90s, 15m, 24h or 7d; found");
  }

  @ParameterizedTest
  @CsvSource({"PT0S, 0s", "PT168H, 7d", "PT90M, 1h30m", "PT0.25S, 250ms"})
  void format_duration_readsBack(String duration, String expected) {
    var written = Times.format(Duration.parse(duration));
    assertThat(written).isEqualTo(expected);
    assertThat(Times.duration("ttl", written)).isEqualTo(Duration.parse(duration));
  }
}
