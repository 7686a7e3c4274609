package dev.remanence.daemon.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remanence.StoreCare.Finding;
import dev.remanence.StoreCare.Severity;
import dev.remanence.daemon.wire.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `doctor` says of owners that were killed, and of such that are of another version.
final class SurroundingsTest {
  @TempDir private Path temporary;
  private Path store;

  @BeforeEach
  void make() throws IOException {
    store = Files.createDirectory(temporary.resolve("store"));
  }

  private Finding only() {
    var findings = Surroundings.examine(store);
    assertThat(findings).hasSize(1);
    return findings.getFirst();
  }

  private Endpoint endpoint(String version, long pid) {
    var socket = Endpoint.directory(store).resolve("socket");
    return new Endpoint(Endpoint.PROTOCOL, version, pid, socket, 0, null);
  }

  /// Leaves the socket's file, as an owner does that is killed.
  private void listenAndDie() throws IOException {
    Endpoint.listen(store, temporary).close();
    assertThat(Endpoint.directory(store).resolve("socket")).exists();
  }

  @Test
  void nobodyEverServed_nothingIsSaid() {
    assertThat(Surroundings.examine(store)).isEmpty();
  }

  @Test
  void aSocketWithoutAnOwner_isSaidToBeLeft() throws IOException {
    listenAndDie();
    assertThat(only().what()).contains("socket is there");
  }

  @Test
  void anEndpointWhereNobodyAnswers_isSaidToBeStale() throws Exception {
    listenAndDie();
    var killed = new ProcessBuilder("sleep", "1000").start();
    killed.destroyForcibly().waitFor();
    endpoint("0.1.0", killed.pid()).publish(store);
    assertThat(only().severity()).isEqualTo(Severity.WARNING);
    assertThat(only().what()).contains("process " + killed.pid()).contains("nobody answers");
    assertThat(only().advice()).contains("was killed");
    endpoint("0.1.0", ProcessHandle.current().pid()).publish(store);
    assertThat(only().advice()).contains("a process of this number runs");
  }

  @Test
  void anEndpointThatIsNone_isSaidToBeLeft() throws IOException {
    Files.createDirectories(Endpoint.directory(store));
    Files.writeString(Endpoint.directory(store).resolve("endpoint"), "{\"proto");
    assertThat(only().what()).contains("endpoint is there");
  }

  @Test
  void anOwnerOfAnotherVersion_isNamed() throws IOException {
    try (var listening = Endpoint.listen(store, temporary)) {
      endpoint("0.0.9", 7).publish(store);
      var findings = Surroundings.examine(store);
      assertThat(findings.getFirst().severity()).isEqualTo(Severity.OK);
      assertThat(findings.getLast().what())
          .contains("of version 0.0.9")
          .contains("this command is of version");
      assertThat(Objects.requireNonNull(listening.getLocalAddress()).toString()).isNotEmpty();
    }
  }
}
