package dev.remanence.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// docs/http.md lists the routes that there are. After a change of the table run it with
/// `-Dremanence.regenerate=true`.
final class RouteReferenceTest {
  private static final String BEGIN = "<!-- generated from the table of routes: begin -->\n";
  private static final String END = "<!-- generated from the table of routes: end -->\n";
  private static final Path PAGE = Path.of("..", "docs", "http.md");

  private static String markdown() {
    var out = new StringBuilder("| request | method |\n|---|---|\n");
    for (var route : Routes.ALL) {
      out.append("| `").append(route.verb()).append(' ').append(route.path()).append("` | `");
      out.append(route.method().name()).append('`');
      var instead = route.instead();
      if (instead != null) {
        out.append("; with `?").append(instead.name()).append("=true` `");
        out.append(instead.name()).append('`');
      }
      out.append(" |\n");
    }
    return out.toString();
  }

  @Test
  void page_listsTheRoutes() throws IOException {
    var page = Files.readString(PAGE);
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END);
    assertThat(end).isGreaterThanOrEqualTo(begin);
    if (Boolean.getBoolean("remanence.regenerate")) {
      Files.writeString(PAGE, page.substring(0, begin) + markdown() + page.substring(end));
      return;
    }
    assertThat(page.substring(begin, end)).isEqualTo(markdown());
  }
}
