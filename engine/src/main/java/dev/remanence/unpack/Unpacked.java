package dev.remanence.unpack;

import dev.remanence.RemanenceException.Forbidden;
import dev.remanence.RemanenceException.Unavailable;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;
import java.util.zip.CRC32;

/// Files out of jars that native code must find in the file system: models and libraries, laid once
/// into a directory of the user and shared by all processes.
///
/// - A file is trusted only after its bytes were checked, at every load; one that fails is
///   replaced.
/// - It is written under a name of its own and renamed when whole, so any number of processes may
///   unpack at once and none sees half a file. What a killed process left is swept away by the next
///   that unpacks, an hour later.
/// - The directory and the files are the user's own; one that is another's, or that others may
///   write, is refused, because what lies there is executed.
public final class Unpacked {
  private static final String UNFINISHED = ".part";
  private static final Duration UNFINISHED_AGE_MAX = Duration.ofHours(1);

  private final Path root;

  public Unpacked(Path root) {
    this.root = root;
  }

  /// The directory that the platform sets apart for what can be made again.
  public static Unpacked ofUser() {
    var os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    var home = Path.of(System.getProperty("user.home", "."));
    var xdg = System.getenv("XDG_CACHE_HOME");
    var local = System.getenv("LOCALAPPDATA");
    if (xdg != null && Path.of(xdg).isAbsolute()) {
      return new Unpacked(Path.of(xdg, "remanence"));
    }
    if (os.contains("windows")) {
      return new Unpacked(
          (local != null ? Path.of(local) : home.resolve("AppData").resolve("Local"))
              .resolve("Remanence")
              .resolve("cache"));
    }
    return new Unpacked(
        os.contains("mac")
            ? home.resolve("Library").resolve("Caches").resolve("Remanence")
            : home.resolve(".cache").resolve("remanence"));
  }

  /// A file whose SHA-256 we know.
  public Path pinned(URL source, String name, String sha256) {
    return unpack(source, name, file -> sha256(file).equals(sha256));
  }

  /// A file that is as its jar says.
  public Path asInJar(URL source, String name) {
    try {
      var stored = Stored.of(source);
      return unpack(
          source, name, file -> Files.size(file) == stored.size() && crc(file) == stored.crc());
    } catch (IOException e) {
      throw unusable(source.toString(), e);
    }
  }

  private Path unpack(URL source, String name, Check check) {
    var target = root.resolve(name);
    try {
      var directory = directoryOf(target);
      createPrivate(directory);
      if (Files.isRegularFile(target) && check.passes(target)) {
        return target;
      }
      var fresh = Files.createTempFile(directory, target.getFileName() + ".", UNFINISHED);
      try {
        copy(source, fresh);
        if (!check.passes(fresh)) {
          throw new Unavailable(
              name
                  + " on the class path is not the file that this version of Remanence was made"
                  + " with",
              null,
              "file",
              name);
        }
        sweep(directory, fresh);
        publish(fresh, target, check);
      } finally {
        Files.deleteIfExists(fresh);
      }
      return target;
    } catch (IOException e) {
      throw unusable(target.toString(), e);
    }
  }

  private static Path directoryOf(Path file) {
    return Objects.requireNonNull(file.toAbsolutePath().getParent());
  }

  private static void copy(URL source, Path file) throws IOException {
    try (var in = open(source);
        var out = Files.newOutputStream(file)) {
      in.transferTo(out);
    }
  }

  private static void publish(Path fresh, Path target, Check check) throws IOException {
    try {
      Files.move(
          fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      // Windows replaces no file that another process has mapped; that one may be whole by now.
      if (!Files.isRegularFile(target) || !check.passes(target)) {
        throw e;
      }
    }
  }

  private static void createPrivate(Path directory) throws IOException {
    if (!isPosix(directory)) {
      Files.createDirectories(directory);
      return;
    }
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    var permissions = Files.getPosixFilePermissions(directory);
    if (permissions.contains(PosixFilePermission.OTHERS_WRITE)
        || permissions.contains(PosixFilePermission.GROUP_WRITE)) {
      throw new Forbidden(
          "others may write to "
              + directory
              + ", from which native code would be loaded; take that right away (chmod go-w) or"
              + " name another directory",
          "directory",
          directory.toString());
    }
    requireOwn(directory, Files.getOwner(directory), user());
  }

  /// Who this process is. The system's own word for it also holds in a container whose user has no
  /// name.
  private static UserPrincipal user() throws IOException {
    var self = Path.of("/proc/self");
    return Files.exists(self)
        ? Files.getOwner(self)
        : self.getFileSystem()
            .getUserPrincipalLookupService()
            .lookupPrincipalByName(System.getProperty("user.name"));
  }

  static void requireOwn(Path directory, UserPrincipal owner, UserPrincipal user) {
    if (!owner.equals(user)) {
      throw new Forbidden(
          directory
              + " belongs to "
              + owner.getName()
              + " and native code would be loaded from it; set XDG_CACHE_HOME to a directory of "
              + user.getName(),
          "directory",
          directory.toString());
    }
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /// Removes what killed processes left, by the file system's own clock.
  private static void sweep(Path directory, Path fresh) throws IOException {
    var limit =
        FileTime.from(Files.getLastModifiedTime(fresh).toInstant().minus(UNFINISHED_AGE_MAX));
    try (var files = Files.newDirectoryStream(directory, "*" + UNFINISHED)) {
      for (var file : files) {
        if (isOlder(file, limit)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private static boolean isOlder(Path file, FileTime limit) throws IOException {
    try {
      return Files.getLastModifiedTime(file).compareTo(limit) < 0;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static Unavailable unusable(String what, IOException cause) {
    return new Unavailable("cannot unpack " + what + ": " + cause, cause, "file", what);
  }

  /// A resource's bytes, without keeping its jar open behind our back.
  public static InputStream open(URL source) throws IOException {
    var connection = source.openConnection();
    connection.setUseCaches(false);
    return connection.getInputStream();
  }

  static String sha256(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return sha256(in);
    }
  }

  public static String sha256(InputStream in) throws IOException {
    var digest = newSha256();
    pour(in, digest::update);
    return HexFormat.of().formatHex(digest.digest());
  }

  public static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  private static long crc(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return crc(in).crc();
    }
  }

  private static Stored crc(InputStream in) throws IOException {
    var crc = new CRC32();
    long size = pour(in, crc::update);
    return new Stored(size, crc.getValue());
  }

  private static long pour(InputStream in, Sink sink) throws IOException {
    var buffer = new byte[1 << 16];
    long size = 0;
    int read;
    while ((read = in.read(buffer)) >= 0) {
      sink.take(buffer, 0, read);
      size += read;
    }
    return size;
  }

  private interface Sink {
    void take(byte[] bytes, int offset, int length);
  }

  private interface Check {
    boolean passes(Path file) throws IOException;
  }

  /// What a jar's own directory says of an entry.
  private record Stored(long size, long crc) {
    static Stored of(URL source) throws IOException {
      var connection = source.openConnection();
      connection.setUseCaches(false);
      if (connection instanceof JarURLConnection jar) {
        try (var file = jar.getJarFile()) {
          var entry = file.getEntry(jar.getEntryName());
          if (entry != null && entry.getSize() >= 0 && entry.getCrc() >= 0) {
            return new Stored(entry.getSize(), entry.getCrc());
          }
        }
      }
      try (var in = open(source)) {
        return Unpacked.crc(in);
      }
    }
  }
}
