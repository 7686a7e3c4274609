package dev.remanence.daemon.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remanence.Caller;
import dev.remanence.ImportOptions;
import dev.remanence.Json;
import dev.remanence.Remanence.Progress;
import dev.remanence.RemanenceException.Unavailable;
import dev.remanence.Watch;
import dev.remanence.WatchEvent;
import dev.remanence.daemon.wire.Spool;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What is exported or imported through a temporary file is nobody else's, and does not stay.
final class SpoolTest {
  private final List<Path> used = new ArrayList<>();

  /// An owner that leaves what an export leaves, and fails where it is told to.
  private final class Owner implements Link {
    private final boolean fails;

    Owner(boolean fails) {
      this.fails = fails;
    }

    @Override
    public Json call(String method, Json.Obj params, Progress progress) {
      var file = Path.of(Objects.requireNonNull(params.string("file")));
      var directory = Objects.requireNonNull(file.getParent());
      used.add(directory);
      try {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
            .isEqualTo("rwx------");
        Files.writeString(file, "{}\n");
        Files.writeString(directory.resolve(file.getFileName() + ".part"), "{");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      if (fails) {
        throw new Unavailable("the owner is gone", null);
      }
      return Json.object().put("lines", 1).build();
    }

    @Override
    public Watch watch(
        @Nullable String scope,
        boolean recursive,
        @Nullable Long since,
        Consumer<WatchEvent> consumer) {
      throw new AssertionError("nobody watches here");
    }

    @Override
    public Link session(Caller caller) {
      return this;
    }

    @Override
    public void close() {}
  }

  @Test
  void exportTo_leavesNothing() {
    assertThat(
            new RemoteStore(new Owner(false))
                .exportTo(OutputStream.nullOutputStream(), Progress.NONE))
        .isEqualTo(1);
    assertThat(used).hasSize(1).allMatch(Files::notExists);
  }

  @Test
  void exportTo_failing_leavesNothing() {
    assertThatThrownBy(() ->
            new RemoteStore(new Owner(true))
                .exportTo(OutputStream.nullOutputStream(), Progress.NONE))
        .isInstanceOf(Unavailable.class);
    assertThat(used).hasSize(1).allMatch(Files::notExists);
  }

  @Test
  void exportTo_sinkThatBreaks_leavesNothing() {
    var broken =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    assertThatThrownBy(() -> new RemoteStore(new Owner(false)).exportTo(broken, Progress.NONE))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("Broken pipe");
    assertThat(used).hasSize(1).allMatch(Files::notExists);
  }

  @Test
  void importFrom_failing_leavesNothing() {
    var source = new ByteArrayInputStream(new byte[] {'\n'});
    assertThatThrownBy(() ->
            new RemoteStore(new Owner(true))
                .importFrom(source, ImportOptions.DEFAULT, Progress.NONE))
        .isInstanceOf(Unavailable.class);
    assertThat(used).hasSize(1).allMatch(Files::notExists);
  }

  /// In a process of its own, which is killed while it has something to hand over.
  @Test
  void whatAKilledProcessLeft_isRemovedByTheNextOne() throws Exception {
    var killed =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"),
                "-cp",
                System.getProperty("java.class.path"),
                Holding.class.getName())
            .start();
    Path left;
    try (var told = killed.inputReader()) {
      left = Path.of(Objects.requireNonNull(told.readLine(), "nothing was made"));
      Spool.sweep();
      assertThat(left).exists();
    } finally {
      killed.destroyForcibly().waitFor();
    }
    assertThat(left).exists();
    try (var own = Spool.make()) {
      own.write(List.of(new byte[1]));
      assertThat(left).doesNotExist();
      assertThat(left.getParent()).doesNotExist();
      Spool.sweep();
      assertThat(own.file()).exists();
    }
  }

  /// Makes a spool, tells where, and waits to be killed.
  static final class Holding {
    private Holding() {}

    public static void main(String[] arguments) throws InterruptedException {
      try (var spool = Spool.make()) {
        spool.write(List.of(new byte[1]));
        System.out.println(spool.file());
        new CountDownLatch(1).await();
      }
    }
  }
}
