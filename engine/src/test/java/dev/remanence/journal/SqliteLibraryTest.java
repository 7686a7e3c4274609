package dev.remanence.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remanence.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where SQLite's library lies, in processes that end as if they were killed.
class SqliteLibraryTest {
  @TempDir Path directory;

  private Path cache;
  private Path temporary;

  @BeforeEach
  void makeDirectories() throws IOException {
    cache = directory.resolve("cache");
    temporary = Files.createDirectory(directory.resolve("temporary"));
  }

  @Test
  void connect_twice_sharesOneFileAndLeavesNothingBehind() throws Exception {
    assertThat(connect()).contains("version 3.").contains("path null");
    var libraries = libraries();
    assertThat(libraries).hasSize(1);
    var born = Files.getAttribute(libraries.getFirst(), "unix:ino");
    connect();
    assertThat(libraries()).isEqualTo(libraries);
    assertThat(Files.getAttribute(libraries.getFirst(), "unix:ino")).isEqualTo(born);
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void connect_damagedFile_isReplaced() throws Exception {
    connect();
    var library = libraries().getFirst();
    Files.write(library, new byte[] {1, 2, 3});
    assertThat(connect()).contains("version 3.");
    assertThat(Files.size(library)).isGreaterThan(100_000);
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void connect_directoryThatCannotBe_goesTheLoadersOwnWay() throws Exception {
    Files.createFile(cache);
    assertThat(connect()).contains("version 3.");
    assertThat(temporary).isNotEmptyDirectory();
  }

  @Test
  void connect_pathThatTheCallerGave_isTaken() throws Exception {
    connect();
    var given = Files.move(libraries().getFirst(), directory.resolve("given.so"));
    assertThat(connect("-Dorg.sqlite.lib.path=" + directory, "-Dorg.sqlite.lib.name=given.so"))
        .contains("version 3.")
        .contains("path " + given.getParent());
    assertThat(libraries()).isEmpty();
    assertThat(temporary).isEmptyDirectory();
  }

  private String connect(String... options) throws Exception {
    var all = new ArrayList<>(List.of(options));
    all.add("-Djava.io.tmpdir=" + temporary);
    var child = ChildJvm.prepare(all, FirstConnection.class);
    child.environment().put("XDG_CACHE_HOME", cache.toString());
    return ChildJvm.output(child.start());
  }

  private List<Path> libraries() throws IOException {
    try (var files = Files.walk(cache)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }
}
