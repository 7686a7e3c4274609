package dev.remanence.embed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remanence.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Each case needs a fresh process: a library that was loaded cannot be loaded wrongly any more.
class FirstUsableTest {
  @TempDir private Path directory;

  @Test
  void auto_withEverythingThere_isE5() throws Exception {
    var child = ChildJvm.start(List.of(), FirstVector.class, "auto", Texts.UNPACKED.toString());
    assertThat(ChildJvm.output(child)).isEqualToIgnoringNewLines("e5-small-v2-q8 384");
  }

  @Test
  void auto_libraryCannotLoad_isStaticAndSaysSoOnce() throws Exception {
    var child =
        ChildJvm.start(
            List.of("-Donnxruntime.native.path=" + directory),
            FirstVector.class,
            "auto",
            directory.resolve("cache").toString());
    var output = ChildJvm.output(child);

    assertThat(output).containsPattern("static-minilm-256-[0-9a-f]{8} 256");
    assertThat(output).containsOnlyOnce("ONNX Runtime cannot be loaded");
  }

  @Test
  void auto_noPlaceToUnpack_isStatic() throws Exception {
    var file = Files.createFile(directory.resolve("file"));
    var child = ChildJvm.start(List.of(), FirstVector.class, "auto", file.toString());
    assertThat(ChildJvm.output(child)).contains("static-minilm-256-").contains("cannot unpack");
  }
}
