package dev.remanence.daemon.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// docs/protocol.md says what the table of methods says. After a change of the table run `./build
/// -pl daemon -am test -Dtest=MethodReferenceTest -Dsurefire.failIfNoSpecifiedTests=false
/// -Dremanence.regenerate=true`.
final class MethodReferenceTest {
  private static final String BEGIN = "<!-- generated from the table of methods: begin -->\n";
  private static final String END = "<!-- generated from the table of methods: end -->\n";
  private static final Path REFERENCE = Path.of("..", "docs", "protocol.md");

  @Test
  void reference_isWhatTheTableSays() throws IOException {
    var page = Files.readString(REFERENCE);
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END);
    assertThat(begin).isGreaterThanOrEqualTo(BEGIN.length());
    assertThat(end).isGreaterThanOrEqualTo(begin);
    var expected = "\n" + MethodReference.markdown();
    if (Boolean.getBoolean("remanence.regenerate")) {
      Files.writeString(REFERENCE, page.substring(0, begin) + expected + page.substring(end));
      return;
    }
    assertThat(page.substring(begin, end))
        .as(
            "docs/protocol.md is out of date; regenerate it with: ./build -pl daemon -am test"
                + " -Dtest=MethodReferenceTest -Dsurefire.failIfNoSpecifiedTests=false"
                + " -Dremanence.regenerate=true")
        .isEqualTo(expected);
  }

  @Test
  void reference_quotesTheLimitsInForce() throws IOException {
    var page = Files.readString(REFERENCE);
    for (var limit : LimitsOfReference.ROWS) {
      assertThat(page).contains(limit);
    }
  }
}
