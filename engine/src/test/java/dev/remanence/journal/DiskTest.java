package dev.remanence.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remanence.RemanenceException.DiskFull;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskTest {
  @TempDir Path directory;

  @Test
  void translate_anyFailure_hasPlainFacts() {
    var file = Path.of("somewhere", "file");
    var failures =
        List.of(
            new IOException("No space left on device"),
            new IOException("Input/output error"),
            new FileSystemException("file", null, "Read-only file system"),
            new NoSuchFileException("file"),
            new NotDirectoryException("file"));
    for (var failure : failures) {
      assertThat(Disk.translate(failure, file).facts()).containsExactly(entry(file));
    }
    assertThat(Disk.translate(failures.getFirst(), file)).isInstanceOf(DiskFull.class);
  }

  private static Map.Entry<String, Object> entry(Path file) {
    return Map.entry("file", file.toString());
  }

  @Test
  void appendLine_afterATornOne_replacesIt() throws IOException {
    var file = directory.resolve("lines");
    Disk.appendLine(file, "one");
    assertThat(Files.readString(file)).isEqualTo("one\n");
    var torn = "one\ntw\u00f6".getBytes(StandardCharsets.UTF_8);
    Files.write(file, Arrays.copyOf(torn, torn.length - 1));
    Disk.appendLine(file, "three");
    assertThat(Files.readString(file)).isEqualTo("one\nthree\n");
    Disk.appendLine(file, "four");
    assertThat(Files.readString(file)).isEqualTo("one\nthree\nfour\n");
  }
}
