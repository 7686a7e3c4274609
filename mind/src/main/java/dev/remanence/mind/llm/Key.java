package dev.remanence.mind.llm;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remanence.RemanenceException.Forbidden;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.Unavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Where the endpoint's key is found. It is read at each call and kept nowhere, so nothing that is
/// logged, thrown or shown can hold it.
final class Key {
  static final String VARIABLE = "REMANENCE_LLM_KEY";
  static final String FILE_VARIABLE = "REMANENCE_LLM_KEY_FILE";

  private static final int FILE_BYTES_MAX = 8 << 10;
  private static final Set<PosixFilePermission> OWNER =
      Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private final Function<String, @Nullable String> environment;

  Key(Function<String, @Nullable String> environment) {
    this.environment = environment;
  }

  /// The key, or null where none was given: a server on this machine may want none.
  @Nullable String read() {
    var key = environment.apply(VARIABLE);
    var file = environment.apply(FILE_VARIABLE);
    if (key != null && file != null) {
      throw wrong("set " + VARIABLE + " or " + FILE_VARIABLE + ", not both");
    }
    var found = file != null ? ofFile(file).strip() : key;
    // A header that holds anything else would be repeated in the HTTP client's own error.
    if (found != null && (found.isEmpty() || !found.chars().allMatch(c -> c > ' ' && c < 0x7f))) {
      throw wrong((file != null ? FILE_VARIABLE : VARIABLE) + " holds something else than a key");
    }
    return found;
  }

  private static String ofFile(String name) {
    try {
      var file = Path.of(name);
      if (!Files.isRegularFile(file) || Files.size(file) > FILE_BYTES_MAX) {
        throw wrong(FILE_VARIABLE + " names no file with a key");
      }
      boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
      if (posix && !OWNER.containsAll(Files.getPosixFilePermissions(file))) {
        throw new Forbidden(
            "the file of " + FILE_VARIABLE + " can be read by others: chmod 600", "path", name);
      }
      return new String(Files.readAllBytes(file), UTF_8);
    } catch (InvalidPathException _) {
      throw wrong(FILE_VARIABLE + " names no file with a key");
    } catch (IOException e) {
      throw new Unavailable("the file of " + FILE_VARIABLE + " cannot be read", e, "path", name);
    }
  }

  private static InvalidInput wrong(String rule) {
    return new InvalidInput(rule, "field", VARIABLE);
  }
}
