package dev.remanence.recall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What questions name, asked on Wednesday, 15 November 2023, at 14:30.
///
/// A failed property prints its seed: `-Dremanence.seed=...` replays it.
final class TimeExpressionsTest {
  private static final Instant NOW = Instant.parse("2023-11-15T14:30:00Z");

  /// Days without hours: `2023-11-14` is the day, `2023-11-06/2023-11-13` from the one up to the
  /// other; `--03` is a month of every year, `--03-05` a day.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          what did I do today | 2023-11-15
          What did we say yesterday? | 2023-11-14
          what is planned for tomorrow | 2023-11-16
          the day before yesterday | 2023-11-13
          the day after tomorrow | 2023-11-17
          who called this morning | 2023-11-15T05:00/2023-11-15T12:00
          what happened last night | 2023-11-14T18:00/2023-11-15T06:00
          yesterday evening | 2023-11-14T18:00/2023-11-15
          what's on tonight | 2023-11-15T18:00/2023-11-16T06:00
          last week | 2023-11-06/2023-11-13
          this week | 2023-11-13/2023-11-20
          next week | 2023-11-20/2023-11-27
          last month | 2023-10-01/2023-11-01
          in the previous month | 2023-10-01/2023-11-01
          this month | 2023-11-01/2023-12-01
          next month | 2023-12-01/2024-01-01
          last year | 2022-01-01/2023-01-01
          this year | 2023-01-01/2024-01-01
          next year | 2024-01-01/2025-01-01
          3 days ago | 2023-11-12
          two weeks ago | 2023-10-30/2023-11-06
          a week ago | 2023-11-06/2023-11-13
          a couple of weeks ago | 2023-10-30/2023-11-06
          six months ago | 2023-05-01/2023-06-01
          a few days ago | 2023-11-09/2023-11-14
          10 years ago | 2013-01-01/2014-01-01
          an hour ago | 2023-11-15T12:30/2023-11-15T14:30
          in the last three days | 2023-11-12T14:30/2023-11-15T14:30
          over the past couple of weeks | 2023-11-01T14:30/2023-11-15T14:30
          What did Caroline do in March? | --03
          in May | --05
          in may | --05
          what were the plans for September | --09
          during february | --02
          in March 2023 | 2023-03-01/2023-04-01
          March, 2023 | 2023-03-01/2023-04-01
          in june of 2022 | 2022-06-01/2022-07-01
          Aug 2022 | 2022-08-01/2022-09-01
          on March 5 | --03-05
          on march 5th | --03-05
          the 5th of March | --03-05
          on 5 may | --05-05
          March 5, 2023 | 2023-03-05
          5 March 2023 | 2023-03-05
          on Sept 3rd 2022 | 2022-09-03
          2023-03-05 | 2023-03-05
          2023/3/5 | 2023-03-05
          at 2023-03-05T10:00:00Z | 2023-03-05
          in 2023-03 | 2023-03-01/2023-04-01
          03/05/2023 | 2023-03-05
          25/05/2023 | 2023-05-25
          5.3.2023 | 2023-03-05
          in 2022 | 2022-01-01/2023-01-01
          the year 1999 | 1999-01-01/2000-01-01
          In 2022 was there a party | 2022-01-01/2023-01-01
          in the 1990s | 1990-01-01/2000-01-01
          last summer | 2023-06-01/2023-09-01
          last winter | 2022-12-01/2023-03-01
          this winter | 2023-12-01/2024-03-01
          summer 2022 | 2022-06-01/2022-09-01
          in the summer of 2022 | 2022-06-01/2022-09-01
          the fall of 2021 | 2021-09-01/2021-12-01
          in winter | --12-01/--02-29
          on Monday | 2023-11-13
          on Wednesday | 2023-11-15
          what did we do Thursday | 2023-11-09
          last Friday | 2023-11-10
          last Wednesday | 2023-11-08
          this Friday | 2023-11-17
          next Friday | 2023-11-17
          next Monday | 2023-11-20
          at the weekend | 2023-11-11/2023-11-13
          last weekend | 2023-11-11/2023-11-13
          this weekend | 2023-11-18/2023-11-20
          next weekend | 2023-11-25/2023-11-27
          last March | 2023-03-01/2023-04-01
          last November | 2022-11-01/2022-12-01
          last December | 2022-12-01/2023-01-01
          next May | 2024-05-01/2024-06-01
          this May | 2023-05-01/2023-06-01
          between 5 and 9 May | --05-05/--05-09
          between May 5 and 9, 2023 | 2023-05-05/2023-05-10
          from 5 to 9 May 2023 | 2023-05-05/2023-05-10
          between March and May | --03-01/--05-31
          from March to May 2023 | 2023-03-01/2023-06-01
          from december to february | --12-01/--02-29
          between 2019 and 2021 | 2019-01-01/2022-01-01
          from monday to wednesday | 2023-11-13/2023-11-16
          since March | 2023-03-01/
          since last week | 2023-11-06/
          since 2020 | 2020-01-01/
          before June 2023 | /2023-06-01
          until March 5 2023 | /2023-03-06
          after 5 May | 2023-05-06/
          before December | /2022-12-01
          at Christmas | --12-24/--12-26
          on Christmas Eve 2022 | 2022-12-24
          last Christmas | 2022-12-24/2022-12-27
          on New Year's Eve | --12-31
          on Valentine's Day | --02-14
          halloween | --10-31
          February 29, 2023 | 2023-02-01/2023-03-01
          in February and July | --02 & --07
          yesterday or last week | 2023-11-14 & 2023-11-06/2023-11-13
          """)
  void in_expression_namesThePeriod(String question, String periods) {
    assertThat(shown(TimeExpressions.in(question, NOW))).isEqualTo(periods);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "may I ask a question",
        "What may she like?",
        "this may be wrong",
        "did they march to the office",
        "they march 5 miles",
        "one may 5 times",
        "What did April say to June?",
        "What did Carol and Jan do?",
        "an august gathering",
        "give me a second",
        "a minute later",
        "the sun sat low",
        "did she fall",
        "spring onions",
        "a mon ami",
        "recently and lately",
        "every Friday",
        "2000 steps",
        "of 2000 steps",
        "in 2000 steps",
        "version 2023.1.5",
        "1.2.2023.4",
        "2023-13-05",
        "31/31/2023",
        "2023-02-30",
        "9999999999 days ago",
        "last thing",
        "past the house",
        "next to me",
        "new year",
        "saw him in. May 32",
        "room 12 of building 5",
        "call 555-2020",
        "the decimate",
        "marching on",
      })
  void in_otherWords_namesNothing(String question) {
    assertThat(shown(TimeExpressions.in(question, NOW))).isEmpty();
  }

  @Test
  void in_otherZone_daysBeginThere() {
    var zone = ZoneId.of("America/New_York");
    var midnight = Instant.parse("2023-11-15T03:00:00Z");
    assertThat(TimeExpressions.in("today", midnight, zone))
        .containsExactly(
            new Period.Fixed(
                Instant.parse("2023-11-14T05:00:00Z"), Instant.parse("2023-11-15T05:00:00Z")));
  }

  @Test
  void reaches_recurring_anyYearAndSoonAfter() {
    var march = TimeExpressions.in("in March", NOW).getFirst();
    for (int year = 1990; year < 2030; year++) {
      assertThat(march.contains(day(year, 3, 1))).isTrue();
      assertThat(march.contains(day(year, 4, 1).minusMillis(1))).isTrue();
      assertThat(march.contains(day(year, 4, 1))).isFalse();
      assertThat(march.contains(day(year, 3, 1).minusMillis(1))).isFalse();
      assertThat(march.reaches(day(year, 4, 5), Duration.ofDays(7))).isTrue();
      assertThat(march.reaches(day(year, 4, 8), Duration.ofDays(7))).isFalse();
    }
    var eve = TimeExpressions.in("on New Year's Eve", NOW).getFirst();
    assertThat(eve.reaches(day(2024, 1, 4), Duration.ofDays(7))).isTrue();
    var winter = TimeExpressions.in("in winter", NOW).getFirst();
    assertThat(winter.contains(day(2023, 2, 28))).isTrue();
    assertThat(winter.contains(day(2023, 12, 2))).isTrue();
    assertThat(winter.contains(day(2023, 3, 1))).isFalse();
    assertThat(winter.reaches(day(2023, 3, 6), Duration.ofDays(7))).isTrue();
  }

  @Test
  void share_partOfThePeriodThatSomethingHeld() {
    var may = TimeExpressions.in("in May 2023", NOW).getFirst();
    assertThat(may.share(day(2023, 1, 1), Instant.MAX)).isEqualTo(1);
    assertThat(may.share(day(2023, 5, 1), day(2023, 6, 1))).isEqualTo(1);
    assertThat(may.share(day(2023, 5, 22), Instant.MAX)).isEqualTo(10 / 31.0);
    assertThat(may.share(day(2023, 1, 1), day(2023, 5, 11))).isEqualTo(10 / 31.0);
    assertThat(may.share(day(2023, 1, 1), day(2023, 5, 1))).isZero();
    assertThat(may.share(day(2023, 6, 1), Instant.MAX)).isZero();
    var since = TimeExpressions.in("since June 2023", NOW).getFirst();
    assertThat(since.share(day(2023, 10, 1), day(2023, 10, 2))).isEqualTo(1);
    assertThat(since.share(day(2023, 1, 1), day(2023, 6, 1))).isZero();
    var winter = TimeExpressions.in("in winter", NOW).getFirst();
    assertThat(winter.share(day(2023, 12, 31), day(2024, 1, 1)))
        .isCloseTo(1 / 91.0, Offset.offset(1e-3));
    assertThat(winter.share(day(2023, 3, 1), day(2023, 12, 1))).isZero();
    assertThat(winter.share(day(2023, 3, 1), day(2024, 3, 1))).isEqualTo(1);
    assertThat(winter.share(day(2023, 1, 20), Instant.MAX)).isEqualTo(1);
  }

  @Test
  void reaches_fixed_inItOrSoonAfter() {
    var day = TimeExpressions.in("2023-03-05", NOW).getFirst();
    assertThat(day.contains(day(2023, 3, 5))).isTrue();
    assertThat(day.contains(day(2023, 3, 6))).isFalse();
    assertThat(day.reaches(day(2023, 3, 12), Duration.ofDays(7))).isTrue();
    assertThat(day.reaches(day(2023, 3, 13), Duration.ofDays(7))).isFalse();
    var before = TimeExpressions.in("before June 2023", NOW).getFirst();
    assertThat(before.contains(day(1, 1, 1))).isTrue();
    var since = TimeExpressions.in("since June 2023", NOW).getFirst();
    assertThat(since.reaches(day(9999, 1, 1), Duration.ofDays(7))).isTrue();
  }

  @Test
  void in_hostileTexts_takeLinearWork() {
    for (var piece :
        List.of(
            "a",
            "1",
            "1/",
            "2023-",
            "last ",
            "between ",
            "from 5 to ",
            "March ",
            "5 ",
            "since ",
            "'a",
            "\u0301",
            "'",
            ",",
            "5, ",
            "may 5 ",
            "漢",
            "🎂",
            "a few ",
            "the ",
            "new year's ")) {
      var text = piece.repeat(1_000_000 / piece.length());
      assertTimeoutPreemptively(
          Duration.ofSeconds(20), () -> TimeExpressions.in(text, NOW), "'" + piece + "'");
    }
  }

  @Test
  void in_randomTokens_alwaysAnswers() {
    var pieces =
        List.of(
            "last",
            "next",
            "this",
            "the",
            "a",
            "few",
            "couple",
            "of",
            "in",
            "on",
            "since",
            "before",
            "after",
            "between",
            "from",
            "to",
            "and",
            "until",
            "March",
            "may",
            "feb",
            "29",
            "30",
            "31",
            "5th",
            "0",
            "2023",
            "1900",
            "2099",
            "9999",
            "0000",
            "days",
            "weeks",
            "month",
            "years",
            "hour",
            "ago",
            "weekend",
            "Monday",
            "summer",
            "winter",
            "fall",
            "Christmas",
            "eve",
            "new",
            "year's",
            "day",
            "yesterday",
            "morning",
            "night",
            ",",
            ".",
            "2024-02-29",
            "2023-02-29",
            "00/00/0000",
            "29/02/2023",
            "0000-00-00",
            "9999-12-31",
            "1990s",
            "0000s",
            "9990s",
            "\0",
            "\ud800",
            "SELECT",
            "{\"a\":1}",
            "昨日",
            "🎂");
    var zones = List.of("UTC", "Asia/Kathmandu", "America/Sao_Paulo", "Pacific/Apia");
    var moments =
        List.of(
            NOW, Instant.MIN, Instant.MAX, Instant.EPOCH, Instant.parse("2024-02-29T23:59:59Z"));
    Long given = Long.getLong("remanence.seed");
    var seeds = new SplittableRandom();
    for (int run = 0; run < (given == null ? 20_000 : 1); run++) {
      long seed = given == null ? seeds.nextLong() : given;
      try {
        var random = new SplittableRandom(seed);
        var text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
          text.append(
              random.nextInt(10) == 0
                  ? Character.toString(random.nextInt(0x110000))
                  : pieces.get(random.nextInt(pieces.size())));
          text.append(random.nextInt(5) == 0 ? "" : " ");
        }
        var now = moments.get(random.nextInt(moments.size()));
        var zone = ZoneId.of(zones.get(random.nextInt(zones.size())));
        var periods = TimeExpressions.in(text.toString(), now, zone);
        assertThat(TimeExpressions.parsed(text.toString(), now, zone))
            .describedAs("at a glance: %s", text)
            .isEqualTo(periods);
        assertThat(periods).hasSizeLessThanOrEqualTo(16).doesNotHaveDuplicates();
        for (var period : periods) {
          period.reaches(NOW, Duration.ofDays(7));
          if (period instanceof Period.Fixed fixed) {
            assertThat(fixed.from()).isBefore(fixed.to());
          }
        }
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("replay with -Dremanence.seed=" + seed, e);
      }
    }
  }

  private static Instant day(int year, int month, int day) {
    return LocalDate.of(year, month, day).atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  private static String shown(List<Period> periods) {
    return periods.stream().map(TimeExpressionsTest::shown).collect(Collectors.joining(" & "));
  }

  private static String shown(Period period) {
    return switch (period) {
      case Period.Recurring recurring -> {
        var first = recurring.first();
        var last = recurring.last();
        boolean month =
            first.getMonth() == last.getMonth()
                && first.getDayOfMonth() == 1
                && last.getDayOfMonth() == last.getMonth().maxLength();
        yield month
            ? first.toString().substring(0, 4)
            : first.equals(last) ? first.toString() : first + "/" + last;
      }
      case Period.Fixed fixed -> {
        var from = shown(fixed.from());
        var to = shown(fixed.to());
        yield from.length() == 10
                && fixed.to().equals(fixed.from().plus(Duration.ofDays(1)))
                && to.length() == 10
            ? from
            : from + "/" + to;
      }
    };
  }

  private static String shown(Instant moment) {
    if (moment.equals(Instant.MIN) || moment.equals(Instant.MAX)) {
      return "";
    }
    var time = LocalDateTime.ofInstant(moment, ZoneOffset.UTC);
    boolean midnight = time.toLocalTime().toSecondOfDay() == 0;
    return midnight ? time.toLocalDate().toString() : time.toString();
  }
}
