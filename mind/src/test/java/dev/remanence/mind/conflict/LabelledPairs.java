package dev.remanence.mind.conflict;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.remanence.Judge.Statement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Pairs of statements with what is expected of them, read from a file.
///
/// ```
/// # a remark
/// == work                                          the category of those that follow
/// none | Jonas works at Siemens | Mira works at Bosch
/// contradiction value | Anna: I live in Bern | Anna: I live in Basel
/// update number | The rent is 900 | @2026-09-01 The rent is 950
/// ```
///
/// The older statement stands first. Before a statement may stand the day when it was said,
/// 2026-01-01 unless told, and who said it.
record LabelledPairs(List<Pair> pairs) {

  /// @param relation `none`, `duplicate`, `update` or `contradiction`
  /// @param reason of the last two
  record Pair(
      String category, String relation, @Nullable String reason, Statement older, Statement newer) {
    boolean isConflict() {
      return relation.equals("update") || relation.equals("contradiction");
    }
  }

  static LabelledPairs read(String name) {
    try (var file = requireNonNull(LabelledPairs.class.getResourceAsStream(name))) {
      return parse(new String(file.readAllBytes(), UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static LabelledPairs parse(String text) {
    var pairs = new ArrayList<Pair>();
    var category = "";
    for (var line : text.lines().toList()) {
      if (line.startsWith("== ")) {
        category = line.substring(3).strip();
      } else if (!line.isBlank() && !line.startsWith("#")) {
        var parts = line.split("\\|", -1);
        var label = parts[0].strip().split(" ", -1);
        pairs.add(
            new Pair(
                category,
                label[0],
                label.length > 1 ? label[1] : null,
                statement(parts[1].strip()),
                statement(parts[2].strip())));
      }
    }
    return new LabelledPairs(pairs);
  }

  private static Statement statement(String said) {
    var day = LocalDate.of(2026, 1, 1);
    var text = said;
    if (text.startsWith("@")) {
      day = LocalDate.parse(text.substring(1, 11));
      text = text.substring(12);
    }
    String speaker = null;
    if (text.matches("[A-Z][a-z]+: .*")) {
      speaker = text.substring(0, text.indexOf(':'));
      text = text.substring(text.indexOf(':') + 2);
    }
    Instant at = day.atTime(12, 0).toInstant(ZoneOffset.UTC);
    return new Statement(text, null, speaker, at, null);
  }
}
