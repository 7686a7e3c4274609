package dev.remanence.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remanence.RemanenceException.Forbidden;
import dev.remanence.RemanenceException.Unavailable;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnpackedTest {
  private static final Model MODEL = Model.MINILM;

  @TempDir private Path directory;

  private static URL network() {
    return Objects.requireNonNull(
        UnpackedTest.class.getClassLoader().getResource(MODEL.resource()));
  }

  private Path root() {
    return directory.resolve("a").resolve("cache");
  }

  private Path unpack() {
    return new Unpacked(root()).pinned(network(), "model.onnx", MODEL.sha256());
  }

  @Test
  void pinned_fileAndDirectoryAreTheOwners() throws IOException {
    var file = unpack();

    assertThat(Unpacked.sha256(file)).isEqualTo(MODEL.sha256());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root())))
        .isEqualTo("rwx------");
    assertThat(names()).containsExactly("model.onnx");
  }

  @Test
  void pinned_wholeFile_isLeftAlone() throws IOException {
    var file = unpack();
    var born = Files.getAttribute(file, "unix:ino");
    unpack();
    assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(born);
  }

  @Test
  void damagedFile_isReplaced() throws IOException {
    var file = unpack();
    var bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    assertThat(Unpacked.sha256(unpack())).isEqualTo(MODEL.sha256());

    Files.write(file, new byte[0]);
    assertThat(Unpacked.sha256(unpack())).isEqualTo(MODEL.sha256());

    var inJar = new Unpacked(root()).asInJar(network(), "in-jar.onnx");
    Files.write(inJar, bytes);
    new Unpacked(root()).asInJar(network(), "in-jar.onnx");
    assertThat(Unpacked.sha256(inJar)).isEqualTo(MODEL.sha256());
  }

  @Test
  void manyThreads_getTheSameWholeFile() throws Exception {
    var start = new CountDownLatch(1);
    try (var threads = Executors.newFixedThreadPool(4)) {
      var files = new ArrayList<Future<String>>();
      for (int i = 0; i < 4; i++) {
        files.add(
            threads.submit(() -> {
              start.await();
              return Unpacked.sha256(unpack());
            }));
      }
      start.countDown();
      for (var file : files) {
        assertThat(file.get()).isEqualTo(MODEL.sha256());
      }
    }
    assertThat(names()).containsExactly("model.onnx");
  }

  @Test
  void manyProcesses_embedFromOneEmptyDirectory() throws Exception {
    var processes = new ArrayList<Process>();
    for (int i = 0; i < 2; i++) {
      processes.add(ChildJvm.start(List.of(), FirstVector.class, "minilm", root().toString()));
    }
    for (var process : processes) {
      assertThat(ChildJvm.output(process)).contains("all-minilm-l6-v2-q8 384");
    }
    assertThat(names()).hasSize(2).noneMatch(name -> name.endsWith(".part"));
  }

  @Test
  void leftOvers_areSweptWhenOld() throws IOException {
    Files.createDirectories(root());
    Files.setPosixFilePermissions(root(), PosixFilePermissions.fromString("rwx------"));
    var old = Files.createFile(root().resolve("model.onnx.1.part"));
    Files.setLastModifiedTime(
        old, FileTime.from(Files.getLastModifiedTime(old).toInstant().minus(Duration.ofHours(2))));
    var young = Files.createFile(root().resolve("model.onnx.2.part"));

    unpack();
    assertThat(old).doesNotExist();
    assertThat(young).exists();
  }

  @Test
  void directoryOthersMayWrite_isRefused() throws IOException {
    Files.createDirectories(root());
    Files.setPosixFilePermissions(root(), PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThatThrownBy(this::unpack)
        .isInstanceOf(Forbidden.class)
        .hasMessageContaining("chmod go-w");
  }

  @Test
  void fileInTheDirectorysPlace_isRefused() throws IOException {
    Files.createDirectories(Objects.requireNonNull(root().getParent()));
    Files.createFile(root());
    assertThatThrownBy(this::unpack).isInstanceOf(Unavailable.class);
  }

  private List<String> names() throws IOException {
    try (var files = Files.list(root())) {
      return files.map(file -> String.valueOf(file.getFileName())).toList();
    }
  }
}
