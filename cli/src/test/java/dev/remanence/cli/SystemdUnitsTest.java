package dev.remanence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemdUnitsTest {
  @TempDir private Path config;

  @Test
  void install_writesUnitsThatRunTheLauncher() throws IOException {
    var units =
        new SystemdUnits(
            Path.of("/data/my 100% memory"),
            Path.of("/opt/remanence"),
            Map.of("XDG_CONFIG_HOME", config.toString()));
    var said = units.install();
    var directory = config.resolve("systemd/user");
    assertThat(Files.readString(directory.resolve("remanence.service")))
        .contains("ExecStart=\"/opt/remanence\" --store \"/data/my 100%% memory\" serve\n");
    assertThat(Files.readString(directory.resolve("remanence-backup.service")))
        .contains("backup --keep 7d");
    assertThat(directory.resolve("remanence-backup.timer")).exists();
    assertThat(said).contains("systemctl --user enable --now");
  }
}
