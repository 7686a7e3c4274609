package dev.remanence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The repository is tidy: no left-overs, no disabled tests, no banned calls, one heading a page.
class TidyTest {
  private static final int LINE_CHARS_MAX = 200;
  private static final Path ROOT = root();

  private static Path root() {
    var directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve("ARCHITECTURE.md"))) {
      directory = Objects.requireNonNull(directory.getParent());
    }
    return directory;
  }

  private record Ban(String what, Pattern pattern, Pattern files) {}

  private static Ban ban(String what, String pattern, String files) {
    return new Ban(what, Pattern.compile(pattern), Pattern.compile(files));
  }

  private static final List<Ban> BANS =
      List.of(
          ban("left-over", "\\b(FIX" + "ME|TO" + "DO|XX" + "X)\\b", ".*"),
          ban("disabled test", "@Dis" + "abled|@Ign" + "ore\\b", ".*\\.java"),
          ban("sleep in a test", "Thread\\.sl" + "eep", ".*/src/test/.*\\.java"),
          ban("stack trace printed", "print" + "StackTrace\\(", ".*\\.java"),
          ban(
              "wall clock",
              "System\\.currentTime" + "Millis|Instant\\.now\\(\\)",
              ".*/engine/src/main/.*\\.java"),
          ban("wildcard import", "^import [a-z.]+\\.\\*;", ".*\\.java"),
          ban("preview", "--enable-" + "preview", ".*(pom\\.xml|build)"),
          ban("unsafe", "sun\\.misc\\.Un" + "safe", ".*/src/main/.*\\.java"));

  private static List<Path> files() throws IOException {
    try (var all = Files.walk(ROOT)) {
      return all.filter(TidyTest::isSource).toList();
    }
  }

  private static boolean isSource(Path file) {
    return Files.isRegularFile(file)
        && Stream.of("/.git/", "/target/", "/node_modules/")
            .noneMatch(part -> file.toString().contains(part))
        && String.valueOf(file.getFileName())
            .matches(".*\\.(java|md|xml|sh|c|html|css|js|ts|py)|build|remanence|run");
  }

  @Test
  void sources_holdNothingBanned() throws IOException {
    var found = new ArrayList<String>();
    for (var file : files()) {
      if (!file.endsWith("TidyTest.java")) {
        var lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
          for (var ban : BANS) {
            if (ban.files.matcher(file.toString()).matches()
                && ban.pattern.matcher(lines.get(i)).find()) {
              found.add(ROOT.relativize(file) + ":" + (i + 1) + ": " + ban.what);
            }
          }
          if (lines.get(i).length() > LINE_CHARS_MAX && file.toString().endsWith(".java")) {
            found.add(ROOT.relativize(file) + ":" + (i + 1) + ": longer than " + LINE_CHARS_MAX);
          }
        }
      }
    }
    assertThat(found).isEmpty();
  }

  @Test
  void pages_haveOneHeadingOfTheFirstLevel() throws IOException {
    var found = new ArrayList<String>();
    for (var file : files()) {
      if (file.toString().endsWith(".md")) {
        boolean code = false;
        int headings = 0;
        for (var line : Files.readAllLines(file)) {
          code ^= line.startsWith("```");
          headings += !code && line.startsWith("# ") ? 1 : 0;
        }
        if (headings != 1) {
          found.add(ROOT.relativize(file) + ": headings=" + headings);
        }
      }
    }
    assertThat(found).isEmpty();
  }
}
