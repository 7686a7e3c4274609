package dev.remanence.mind.extract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Turns with the facts that are expected of them, read from a file.
///
/// ```
/// # a remark
/// %said 2026-03-10                     the day of all turns that follow
/// == work                              the category of those that follow
/// < Anna: I live in Oslo               the turn before the next one
/// Anna: I started at Bosch last week   a turn; "-" is a user without a name, \n a line's end
///   anna | works_at | Bosch | at=2026-03-02
///   ?anna | job | intern               may be found, must not
/// ```
///
/// Values that are as good are joined by `~`. Marks are `ended`, `correction`, `at=` and `until=`
/// with the beginning of a date; `at=*` stands for any time or none.
record LabelledSet(List<Item> items) {

  record Item(String category, Turn turn, List<Expected> expected) {
    boolean isEmpty() {
      return expected.isEmpty();
    }
  }

  record Expected(
      boolean required,
      String entity,
      String attribute,
      List<String> values,
      boolean ended,
      boolean correction,
      @Nullable String at,
      @Nullable String until) {

    boolean matches(Extracted fact) {
      return fact.entity().equalsIgnoreCase(entity)
          && fact.attribute().name().equalsIgnoreCase(attribute)
          && values.stream().anyMatch(value -> plain(value).equals(plain(fact.value())))
          && fact.ended() == ended
          && (fact.correction() || !correction)
          && isTime(at, fact.from())
          && isTime(until, fact.attribute().dated() ? null : fact.until());
    }

    private static boolean isTime(@Nullable String expected, @Nullable Instant told) {
      if (expected == null) {
        return told == null;
      }
      return expected.equals("*") || (told != null && told.toString().startsWith(expected));
    }

    private static String plain(String value) {
      var lower = value.toLowerCase(Locale.ROOT).strip();
      return lower.replaceFirst("^(a|an|the) ", "");
    }
  }

  static LabelledSet read(String name) {
    try (var file = requireNonNull(LabelledSet.class.getResourceAsStream(name))) {
      return parse(new String(file.readAllBytes(), UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static LabelledSet parse(String text) {
    var items = new ArrayList<Item>();
    var category = "";
    var said = Instant.EPOCH;
    Turn before = null;
    for (var line : text.lines().toList()) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      if (line.startsWith("%said ")) {
        said = LocalDate.parse(line.substring(6).strip()).atTime(12, 0).toInstant(ZoneOffset.UTC);
      } else if (line.startsWith("== ")) {
        category = line.substring(3).strip();
      } else if (line.startsWith("< ")) {
        before = turn(line.substring(2), said);
      } else if (line.startsWith("  ")) {
        items.getLast().expected().add(expected(line.strip()));
      } else {
        items.add(new Item(category, turn(line, said).after(before), new ArrayList<>()));
        before = null;
      }
    }
    return new LabelledSet(items);
  }

  private static Turn turn(String line, Instant said) {
    int colon = line.indexOf(": ");
    var speaker = line.substring(0, colon);
    return Turn.of(
        line.substring(colon + 2).replace("\\n", "\n"), speaker.equals("-") ? null : speaker, said);
  }

  private static Expected expected(String line) {
    boolean required = !line.startsWith("?");
    var parts = (required ? line : line.substring(1)).split("\\|", -1);
    var marks = parts.length > 3 ? List.of(parts[3].strip().split(" ", -1)) : List.<String>of();
    return new Expected(
        required,
        parts[0].strip(),
        parts[1].strip(),
        List.of(parts[2].strip().split(" ~ ", -1)),
        marks.contains("ended"),
        marks.contains("correction"),
        mark(marks, "at="),
        mark(marks, "until="));
  }

  private static @Nullable String mark(List<String> marks, String name) {
    for (var mark : marks) {
      if (mark.startsWith(name)) {
        return mark.substring(name.length());
      }
    }
    return null;
  }
}
