package dev.remanence.embed;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import dev.remanence.RemanenceException;
import dev.remanence.RemanenceException.Unavailable;
import dev.remanence.unpack.Unpacked;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/// ONNX Runtime's native code, loaded once into this process.
///
/// Left alone, ONNX Runtime unpacks 24 MB into the temporary directory at each start. We lay the
/// files into our own directory and tell it by its property `onnxruntime.native.path`; one that the
/// user has set is respected.
///
/// From version 1.29 on, its builds for Linux and macOS report to their maker over the network,
/// from before the first call that could forbid it. Such a library is refused, unless the
/// environment forbids the reports.
final class OnnxLibrary {
  private static final String PATH_PROPERTY = "onnxruntime.native.path";
  private static final String SILENCED = "ORT_DISABLE_TELEMETRY";
  private static final byte[] REPORTS =
      "events.data.microsoft.com".getBytes(StandardCharsets.US_ASCII);

  private OnnxLibrary() {}

  /// The environment of all sessions in this process.
  static synchronized OrtEnvironment load(Unpacked unpacked) {
    var given = System.getProperty(PATH_PROPERTY);
    try {
      var directory = given == null ? unpack(unpacked) : Path.of(given);
      refuseReports(directory);
      System.setProperty(PATH_PROPERTY, directory.toString());
      var environment =
          OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "remanence");
      environment.setTelemetry(false);
      return environment;
    } catch (RemanenceException e) {
      throw e;
    } catch (LinkageError | RuntimeException | IOException | ai.onnxruntime.OrtException e) {
      throw new Unavailable(
          "ONNX Runtime cannot be loaded on " + platform() + ": " + innermost(e),
          e,
          "platform",
          platform());
    } finally {
      if (given == null) {
        System.clearProperty(PATH_PROPERTY);
      }
    }
  }

  private static String innermost(Throwable failure) {
    var cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getClass().getSimpleName() + ": " + cause.getMessage();
  }

  private static Path unpack(Unpacked unpacked) {
    Path directory = null;
    for (var file : files()) {
      var source =
          OrtEnvironment.class.getResource("/ai/onnxruntime/native/" + platform() + "/" + file);
      if (source == null) {
        throw new Unavailable(
            "this ONNX Runtime has no library for " + platform(), null, "platform", platform());
      }
      var name = "onnxruntime-" + version() + "-" + platform() + "/" + file;
      directory = unpacked.asInJar(source, name).getParent();
    }
    return Objects.requireNonNull(directory);
  }

  private static List<String> files() {
    var names = List.of("onnxruntime", "onnxruntime4j_jni");
    return isWindows()
        ? List.of("onnxruntime.dll", "onnxruntime4j_jni.dll", "onnxruntime_providers_shared.dll")
        : names.stream().map(System::mapLibraryName).toList();
  }

  private static String version() {
    var ofPackage = OrtEnvironment.class.getPackage().getImplementationVersion();
    var module = OrtEnvironment.class.getModule().getDescriptor();
    return ofPackage != null
        ? ofPackage
        : module != null ? module.rawVersion().orElse("unknown") : "unknown";
  }

  private static boolean isWindows() {
    return os().contains("windows");
  }

  private static String os() {
    return System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
  }

  /// The platform in ONNX Runtime's words.
  static String platform() {
    var machine = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    return (isWindows() ? "win" : os().contains("mac") ? "osx" : os())
        + "-"
        + switch (machine) {
          case "amd64", "x86_64" -> "x64";
          case "arm64" -> "aarch64";
          default -> machine;
        };
  }

  static void refuseReports(Path directory) throws IOException {
    var library = directory.resolve(System.mapLibraryName("onnxruntime"));
    if (!isWindows()
        && !"1".equals(System.getenv(SILENCED))
        && Files.isRegularFile(library)
        && contains(library, REPORTS)) {
      throw new Unavailable(
          "ONNX Runtime "
              + version()
              + " reports its use to its maker over the network; use version 1.28.0, or set "
              + SILENCED
              + "=1 before Java starts",
          null,
          "version",
          version());
    }
  }

  /// Whether a file holds some bytes.
  private static boolean contains(Path file, byte[] wanted) throws IOException {
    try (var in = Files.newInputStream(file)) {
      var buffer = new byte[1 << 18];
      int kept = 0;
      int read;
      while ((read = in.read(buffer, kept, buffer.length - kept)) >= 0) {
        int end = kept + read;
        for (int i = 0; i <= end - wanted.length; i++) {
          if (buffer[i] == wanted[0]
              && Arrays.equals(buffer, i, i + wanted.length, wanted, 0, wanted.length)) {
            return true;
          }
        }
        kept = Math.min(end, wanted.length - 1);
        System.arraycopy(buffer, end - kept, buffer, 0, kept);
      }
      return false;
    }
  }
}
