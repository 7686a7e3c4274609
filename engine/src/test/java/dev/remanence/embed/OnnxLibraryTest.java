package dev.remanence.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remanence.RemanenceException.Unavailable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxLibraryTest {
  @TempDir private Path directory;

  /// The planted reporter: a file with the maker's address, wherever it lies in the reader's
  /// buffer.
  @Test
  void reportingLibrary_isRefused() throws IOException {
    var library = directory.resolve(System.mapLibraryName("onnxruntime"));
    for (int before : new int[] {0, 1, (1 << 18) - 30, (1 << 18) - 16, 1 << 18, 700_000}) {
      var text = "-".repeat(before) + "https://mobile.events.data.microsoft.com/" + "-".repeat(99);
      Files.write(library, text.getBytes(StandardCharsets.US_ASCII));
      assertThatThrownBy(() -> OnnxLibrary.refuseReports(directory))
          .as("before=" + before)
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("ORT_DISABLE_TELEMETRY=1");
    }
    Files.write(library, "-".repeat(700_000).getBytes(StandardCharsets.US_ASCII));
    OnnxLibrary.refuseReports(directory);
  }

  @Test
  void platform_isOneThatTheLibraryIsBuiltFor() {
    assertThat(OnnxLibrary.platform()).matches("(linux|osx|win)-(x64|aarch64)");
  }
}
