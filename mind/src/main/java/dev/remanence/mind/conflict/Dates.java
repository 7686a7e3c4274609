package dev.remanence.mind.conflict;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Joins the terms of a date to one: `May 3`, `3rd of May 2026`, `2026-05-03`, `Tuesday`, `1998`.
final class Dates {
  private static final List<String> MONTHS =
      List.of(
          "january",
          "february",
          "march",
          "april",
          "may",
          "june",
          "july",
          "august",
          "september",
          "october",
          "november",
          "december");

  private static final List<String> WEEKDAYS =
      List.of("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday");

  private Dates() {}

  static List<Term> joined(List<Term> terms) {
    var joined = new ArrayList<Term>(terms.size());
    for (int at = 0; at < terms.size(); ) {
      int length = take(terms, at, joined);
      if (length == 0) {
        joined.add(terms.get(at));
        length = 1;
      }
      at += length;
    }
    return List.copyOf(joined);
  }

  /// Adds the date that begins at a term; answers how many terms it is, 0 for none.
  private static int take(List<Term> terms, int at, List<Term> joined) {
    var term = terms.get(at);
    if (term.kind() == Term.Kind.NUMBER) {
      return takeNumber(terms, at, joined);
    }
    if (term.capital() && WEEKDAYS.contains(term.text())) {
      joined.add(Term.date("weekday:" + term.text()));
      return 1;
    }
    int month = month(term);
    if (month == 0) {
      return 0;
    }
    var day = day(terms, at + 1);
    int length = day == null ? 1 : 2;
    var year = year(terms, at + length);
    if (day == null) {
      joined.add(Term.date("month:" + month + (year == null ? "" : "-" + year)));
    } else {
      add(joined, month, day, year);
    }
    return length + (year == null ? 0 : 1);
  }

  private static int takeNumber(List<Term> terms, int at, List<Term> joined) {
    var text = terms.get(at).text();
    if (text.matches("[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}")) {
      var parts = text.split("-", -1);
      add(joined, Integer.parseInt(parts[1]), Integer.valueOf(parts[2]), parts[0]);
      return 1;
    }
    var day = day(terms, at);
    int next = at + 1 < terms.size() && terms.get(at + 1).is("of") ? at + 2 : at + 1;
    int month = day == null || next >= terms.size() ? 0 : month(terms.get(next));
    if (day != null && month > 0) {
      var year = year(terms, next + 1);
      add(joined, month, day, year);
      return next - at + 1 + (year == null ? 0 : 1);
    }
    if (year(terms, at) != null) {
      joined.add(Term.date("year:" + text));
      return 1;
    }
    return 0;
  }

  private static void add(List<Term> joined, int month, Integer day, @Nullable String year) {
    joined.add(
        Term.date(
            String.format(
                Locale.ROOT, "day:%02d-%02d%s", month, day, year == null ? "" : "-" + year)));
  }

  /// `may` is a month only as a name.
  private static int month(Term term) {
    return term.capital() && term.kind() == Term.Kind.WORD ? MONTHS.indexOf(term.text()) + 1 : 0;
  }

  private static @Nullable Integer day(List<Term> terms, int at) {
    if (at >= terms.size() || terms.get(at).kind() != Term.Kind.NUMBER) {
      return null;
    }
    var digits = terms.get(at).text().replaceFirst("(st|nd|rd|th)$", "");
    if (!digits.matches("[0-9]{1,2}")) {
      return null;
    }
    int day = Integer.parseInt(digits);
    return day >= 1 && day <= 31 ? day : null;
  }

  private static @Nullable String year(List<Term> terms, int at) {
    if (at >= terms.size() || terms.get(at).kind() != Term.Kind.NUMBER) {
      return null;
    }
    var text = terms.get(at).text();
    boolean counted = at + 1 < terms.size() && isUnit(terms.get(at + 1));
    boolean named = at > 0 && (terms.get(at - 1).is("port") || terms.get(at - 1).is("limit"));
    return text.matches("(19|20)[0-9]{2}") && !counted && !named ? text : null;
  }

  /// What is counted in thousands is no year.
  private static boolean isUnit(Term next) {
    return List.of("euro", "dollar", "meter", "metre", "kilometre", "request", "row", "people")
        .contains(next.text());
  }
}
