package dev.remanence.cli;

import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.Unavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// `remanence install systemd`: units of the user that keep a store served and backed up each
/// night. They are written, not enabled: what they would start is the user's to decide.
final class SystemdUnits {
  private final Path store;
  private final Path command;
  private final Path directory;

  /// @param command the launcher, which the units run
  SystemdUnits(Path store, Path command, Map<String, String> environment) {
    this.store = store;
    this.command = command;
    var configured = environment.getOrDefault("XDG_CONFIG_HOME", "");
    var config =
        configured.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".config")
            : Path.of(configured);
    this.directory = config.resolve("systemd").resolve("user");
  }

  /// The units by the names of their files.
  Map<String, String> units() {
    var units = new LinkedHashMap<String, String>();
    units.put(
        "remanence.service",
        """
        [Unit]
        Description=Remanence, memory for agents

        [Service]
        ExecStart=%s --store %s serve
        Restart=on-failure
        # Ends when the calls in hand are answered and the store is closed.
        TimeoutStopSec=60
        UMask=0077
        NoNewPrivileges=true

        [Install]
        WantedBy=default.target
        """
            .formatted(quoted(command), quoted(store)));
    units.put(
        "remanence-backup.service",
        """
        [Unit]
        Description=A backup of Remanence's store

        [Service]
        Type=oneshot
        ExecStart=%s --store %s backup --keep 7d
        UMask=0077
        """
            .formatted(quoted(command), quoted(store)));
    units.put(
        "remanence-backup.timer",
        """
        [Unit]
        Description=A backup of Remanence's store each night

        [Timer]
        OnCalendar=*-*-* 03:30:00
        RandomizedDelaySec=10m
        Persistent=true

        [Install]
        WantedBy=timers.target
        """);
    return units;
  }

  /// Writes the units and answers what to say.
  String install() {
    try {
      Files.createDirectories(directory);
      var said = new StringBuilder();
      for (var unit : units().entrySet()) {
        var file = directory.resolve(unit.getKey());
        Files.writeString(file, unit.getValue());
        said.append("wrote ").append(file).append('\n');
      }
      return said
          + "\nto start both now and at each login:\n"
          + "  systemctl --user daemon-reload\n"
          + "  systemctl --user enable --now remanence.service remanence-backup.timer\n";
    } catch (IOException e) {
      throw new Unavailable(
          "the units cannot be written to " + directory + ": " + e.getMessage(), e);
    }
  }

  /// As systemd reads a word: percent signs and dollars mean something to it, quotes keep spaces.
  private static String quoted(Path path) {
    var text = path.toString();
    if (text.chars().anyMatch(c -> c < ' ' || c == '"' || c == '\\')) {
      throw new InvalidInput("systemd cannot name this path: " + Terminal.escaped(text));
    }
    return "\"" + text.replace("%", "%%").replace("$", "$$") + "\"";
  }
}
