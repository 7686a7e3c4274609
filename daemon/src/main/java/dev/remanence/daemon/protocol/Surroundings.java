package dev.remanence.daemon.protocol;

import dev.remanence.Json;
import dev.remanence.RemanenceException;
import dev.remanence.StoreCare.Finding;
import dev.remanence.StoreCare.Severity;
import dev.remanence.Version;
import dev.remanence.daemon.wire.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What `doctor` looks at beside a store's own files: whether the one who is said to serve it does,
/// and whether those who are connected fit to the owner.
final class Surroundings {
  private static final Duration SKEW_MAX = Duration.ofSeconds(5);

  private static final String NEW_OWNER =
      "run 'remanence stop', or end the program that has the store open; the next owner is of the"
          + " version that is installed";

  private final Path store;
  private final List<Finding> findings = new ArrayList<>();

  private Surroundings(Path store) {
    this.store = store;
  }

  static List<Finding> examine(Path store) {
    var surroundings = new Surroundings(store.toAbsolutePath().normalize());
    surroundings.examine();
    return surroundings.findings;
  }

  private void warning(String what, String advice) {
    findings.add(new Finding(Severity.WARNING, what, advice));
  }

  private void examine() {
    var endpoint = Endpoint.read(store);
    if (endpoint == null) {
      for (var name : List.of("endpoint", "socket")) {
        var left = Endpoint.directory(store).resolve(name);
        if (Files.exists(left, LinkOption.NOFOLLOW_LINKS)) {
          warning(
              left + " is there, and nobody has published where the store is served",
              "it is left of an owner that was killed; the next owner replaces it");
        }
      }
    } else if (answers(endpoint)) {
      findings.add(
          new Finding(
              Severity.OK,
              "process " + endpoint.pid() + " serves the store, version " + endpoint.version(),
              ""));
      examineVersion(endpoint);
      examineCallers(endpoint);
    } else {
      boolean runs = ProcessHandle.of(endpoint.pid()).isPresent();
      warning(
          "run/endpoint says that process "
              + endpoint.pid()
              + " serves the store, and nobody answers at "
              + endpoint,
          runs
              ? "a process of this number runs; if it is a Java program that hangs, end it"
              : "that process was killed; nothing need be done: the next owner replaces the file");
    }
  }

  private static boolean answers(Endpoint endpoint) {
    try (var _ = endpoint.connect()) {
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  private void examineVersion(Endpoint endpoint) {
    if (!endpoint.version().equals(Version.TEXT)) {
      warning(otherVersion("this command", Version.TEXT, endpoint.version()), NEW_OWNER);
    }
  }

  private static String otherVersion(String who, String version, String owners) {
    return who + " is of version " + version + ", the owner of the store of version " + owners;
  }

  /// By what the owner writes of those who are connected.
  private void examineCallers(Endpoint endpoint) {
    if (status() instanceof Json.Obj status
        && status.get("pid") instanceof Json.Num pid
        && pid.longValue() == endpoint.pid()
        && status.get("sessions") instanceof Json.Arr(var sessions)) {
      for (var session : sessions) {
        if (session instanceof Json.Obj caller) {
          examine(caller, endpoint);
        }
      }
    }
  }

  private Json status() {
    try {
      return Json.parse(Files.readAllBytes(Endpoint.directory(store).resolve("status.json")));
    } catch (IOException | RemanenceException _) {
      // Not written yet.
      return Json.ofNull();
    }
  }

  private void examine(Json.Obj caller, Endpoint endpoint) {
    var name = caller.string("tool") + " (process " + caller.number("pid") + ")";
    if (caller.get("version") instanceof Json.Str(var version)
        && !version.equals(endpoint.version())) {
      warning(otherVersion(name, version, endpoint.version()), NEW_OWNER);
    }
    if (caller.get("skewMillis") instanceof Json.Num skew
        && Math.abs(skew.longValue()) > SKEW_MAX.toMillis()) {
      warning(
          "the clock of "
              + name
              + " is "
              + Math.abs(skew.longValue()) / 1000
              + " s "
              + (skew.longValue() > 0 ? "ahead of" : "behind")
              + " the owner's",
          "set the clocks; what it says of times, such as --at and --until, is off by that");
    }
  }
}
