package dev.remanence;

import dev.remanence.Context.Part;
import dev.remanence.Context.Section;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Fits lines into a budget of tokens, section by section: docs/conversations.md, "Context". Made
/// for one text.
final class ContextText {
  /// What is left of a line that is cut has so many tokens or more.
  private static final int CUT_TOKENS_MIN = 16;

  private static final String CUT = "…\n";

  /// Who gets what the others left.
  private static final List<Section> HEIRS =
      List.of(Section.TURNS, Section.RECALLED, Section.FACTS, Section.ASSEMBLIES);

  /// Whose last line goes first, should the text have more tokens than its lines.
  private static final List<Section> FIRST_TO_GO =
      List.of(Section.ASSEMBLIES, Section.FACTS, Section.RECALLED, Section.TURNS, Section.PINNED);

  /// A memory as a line, with its end.
  record Line(UUID id, String text) {}

  private final Tokenizer tokenizer;
  private final int maxTokens;
  private final Map<Section, Filling> sections = new EnumMap<>(Section.class);

  /// A memory stands in one section.
  private final Set<UUID> taken = new HashSet<>();

  ContextText(ContextQuestion question) {
    tokenizer = question.tokenizer();
    maxTokens = question.maxTokens();
  }

  /// Offers a section's lines in the order in which they are wanted: of turns the latest first.
  void offer(Section section, List<Line> lines) {
    if (!lines.isEmpty()) {
      sections.put(section, new Filling(section, lines));
    }
  }

  Context fit() {
    long left = maxTokens;
    left -= fill(Section.PINNED, left);
    long shared = left;
    for (var section : Section.values()) {
      if (section != Section.PINNED) {
        left -= fill(section, shared * percent(section) / 100);
      }
    }
    for (var section : HEIRS) {
      left -= fill(section, left);
    }
    while (true) {
      var context = context();
      if (context.tokens() <= maxTokens) {
        return context;
      }
      dropOne();
    }
  }

  /// Of what pinned memories leave.
  private static int percent(Section section) {
    return switch (section) {
      case PINNED -> 100;
      case FACTS, RECALLED -> 25;
      case TURNS -> 45;
      case ASSEMBLIES -> 5;
    };
  }

  private long fill(Section section, long room) {
    var filling = sections.get(section);
    return filling == null ? 0 : filling.fill(room);
  }

  private void dropOne() {
    for (var section : FIRST_TO_GO) {
      var filling = sections.get(section);
      if (filling != null && !filling.lines.isEmpty()) {
        filling.leftOut++;
        filling.lines.removeLast();
        return;
      }
    }
  }

  private Context context() {
    var text = new StringBuilder();
    var parts = new ArrayList<Part>();
    for (var filling : sections.values()) {
      if (!filling.lines.isEmpty()) {
        var part = filling.text();
        text.append(part);
        parts.add(
            new Part(
                filling.section,
                filling.reason(),
                filling.inOrder().stream().map(Line::id).toList(),
                tokenizer.count(part)));
      }
    }
    return new Context(text.toString(), parts, tokenizer.count(text.toString()), tokenizer.name());
  }

  /// One section on its way.
  private final class Filling {
    final Section section;

    /// What is wanted and has not found room yet.
    List<Line> waiting;

    /// In the order in which they were wanted.
    final List<Line> lines = new ArrayList<>();

    int leftOut;

    Filling(Section section, List<Line> wanted) {
      this.section = section;
      this.waiting = wanted;
    }

    /// Takes what fits and answers the tokens that it takes.
    long fill(long room) {
      long left = room;
      var passed = new ArrayList<Line>();
      for (int i = 0; i < waiting.size(); i++) {
        var line = waiting.get(i);
        var fitting = taken.contains(line.id) ? null : fitting(line, left);
        if (fitting != null) {
          left -= cost(fitting.text);
          lines.add(fitting);
          taken.add(line.id);
        } else if (section == Section.TURNS && !taken.contains(line.id)) {
          // Between two turns that are told none is left out.
          passed.addAll(waiting.subList(i, waiting.size()));
          break;
        } else if (!taken.contains(line.id)) {
          passed.add(line);
        }
      }
      waiting = passed;
      leftOut = passed.size();
      return room - left;
    }

    private long cost(String line) {
      return tokenizer.count(line)
          + (lines.isEmpty() ? tokenizer.count("## " + section.title() + "\n") : 0);
    }

    /// The line, or its beginning where nothing would be there without it; null where there is no
    /// room.
    private @Nullable Line fitting(Line line, long room) {
      if (cost(line.text) <= room) {
        return line;
      }
      boolean cuts = lines.isEmpty() && (section == Section.TURNS || section == Section.PINNED);
      if (!cuts || room < CUT_TOKENS_MIN) {
        return null;
      }
      int fits = 0;
      int fitsNot = line.text.length() - 1;
      while (fitsNot - fits > 1) {
        int middle = (fits + fitsNot) >>> 1;
        if (cost(line.text.substring(0, middle) + CUT) <= room) {
          fits = middle;
        } else {
          fitsNot = middle;
        }
      }
      if (fits > 0 && Character.isHighSurrogate(line.text.charAt(fits - 1))) {
        fits--;
      }
      return fits == 0 ? null : new Line(line.id, line.text.substring(0, fits) + CUT);
    }

    List<Line> inOrder() {
      return section == Section.TURNS ? lines.reversed() : lines;
    }

    String text() {
      var text = new StringBuilder();
      text.append("## ").append(section.title()).append('\n');
      inOrder().forEach(line -> text.append(line.text));
      return text.toString();
    }

    String reason() {
      return leftOut == 0 ? section.reason() : section.reason() + "; " + leftOut + " found no room";
    }
  }
}
