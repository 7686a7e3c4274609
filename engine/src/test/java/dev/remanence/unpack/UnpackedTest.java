package dev.remanence.unpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remanence.RemanenceException.Forbidden;
import dev.remanence.RemanenceException.Unavailable;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

class UnpackedTest {
  /// Any file in a jar would do.
  private static final URL SOURCE =
      Objects.requireNonNull(
          SQLiteJDBCLoader.class.getResource(
              LibraryLoaderUtil.getNativeLibResourcePath()
                  + "/"
                  + LibraryLoaderUtil.getNativeLibName()));

  private static final String NAME = "library";

  @TempDir private Path directory;

  private static String sha256() {
    try (var in = Unpacked.open(SOURCE)) {
      return Unpacked.sha256(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path root() {
    return directory.resolve("a").resolve("cache");
  }

  private Path unpack() {
    return new Unpacked(root()).pinned(SOURCE, NAME, sha256());
  }

  @Test
  void pinned_fileAndDirectoryAreTheOwners() throws IOException {
    var file = unpack();

    assertThat(Unpacked.sha256(file)).isEqualTo(sha256());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root())))
        .isEqualTo("rwx------");
    assertThat(names()).containsExactly(NAME);
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
    assertThat(Unpacked.sha256(unpack())).isEqualTo(sha256());

    Files.write(file, new byte[0]);
    assertThat(Unpacked.sha256(unpack())).isEqualTo(sha256());

    var inJar = new Unpacked(root()).asInJar(SOURCE, "in-jar");
    Files.write(inJar, bytes);
    new Unpacked(root()).asInJar(SOURCE, "in-jar");
    assertThat(Unpacked.sha256(inJar)).isEqualTo(sha256());
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
        assertThat(file.get()).isEqualTo(sha256());
      }
    }
    assertThat(names()).containsExactly(NAME);
  }

  @Test
  void leftOvers_areSweptWhenOld() throws IOException {
    Files.createDirectories(root());
    Files.setPosixFilePermissions(root(), PosixFilePermissions.fromString("rwx------"));
    var old = Files.createFile(root().resolve(NAME + ".1.part"));
    Files.setLastModifiedTime(
        old, FileTime.from(Files.getLastModifiedTime(old).toInstant().minus(Duration.ofHours(2))));
    var young = Files.createFile(root().resolve(NAME + ".2.part"));

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

  @Test
  void directoryOfAnother_isRefused() throws IOException {
    Files.createDirectories(root());
    var names = root().getFileSystem().getUserPrincipalLookupService();
    var other = names.lookupPrincipalByName("nobody");
    assertThatThrownBy(() -> Unpacked.requireOwn(root(), other, Files.getOwner(root())))
        .isInstanceOf(Forbidden.class)
        .hasMessageContaining("belongs to nobody");
    Unpacked.requireOwn(root(), other, other);
  }

  private List<String> names() throws IOException {
    try (var files = Files.list(root())) {
      return files.map(file -> String.valueOf(file.getFileName())).toList();
    }
  }
}
