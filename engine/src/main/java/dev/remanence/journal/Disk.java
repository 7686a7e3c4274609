package dev.remanence.journal;

import dev.remanence.RemanenceException;
import dev.remanence.RemanenceException.DiskFull;
import dev.remanence.RemanenceException.Forbidden;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.NotFound;
import dev.remanence.RemanenceException.Unavailable;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/// The store's own files beside SQLite's: written whole or not at all, synced before anyone is
/// told, readable by their owner only. The one place that turns an `IOException` into our errors.
public final class Disk {
  private static final int READ_BYTES = 1 << 24;
  private static final Set<PosixFilePermission> OWNER_FILE =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
  private static final Set<PosixFilePermission> OWNER_DIRECTORY =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  private Disk() {}

  /// Replaces a file: after a crash it holds the old bytes or the new ones.
  public static void replace(Path file, byte[] bytes) throws IOException {
    var fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    createPrivate(fresh);
    try (var channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      writeAll(channel, ByteBuffer.wrap(bytes));
      channel.force(true);
    }
    rename(fresh, file);
  }

  /// Gives a synced file its name, and makes the name last.
  public static void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    syncDirectory(directoryOf(to));
  }

  /// Adds bytes at a file's end and syncs.
  public static void append(Path file, byte[] bytes) throws IOException {
    boolean fresh = Files.notExists(file);
    if (fresh) {
      createPrivate(file);
    }
    try (var channel =
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
      writeAll(channel, ByteBuffer.wrap(bytes));
      channel.force(true);
    }
    if (fresh) {
      syncDirectory(directoryOf(file));
    }
  }

  /// Adds a line at a file's end and syncs. A last line without an end, which is what an append
  /// that was cut short leaves, goes.
  public static void appendLine(Path file, String line) throws IOException {
    var bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
    var whole = wholeLines(file);
    if (Files.notExists(file) || Files.size(file) == whole.length) {
      append(file, bytes);
    } else {
      replace(file, ByteBuffer.allocate(whole.length + bytes.length).put(whole).put(bytes).array());
    }
  }

  /// The bytes of a file of lines up to the end of its last whole one; none where there is no file.
  public static byte[] wholeLines(Path file) throws IOException {
    if (Files.notExists(file)) {
      return new byte[0];
    }
    var bytes = Files.readAllBytes(file);
    int size = bytes.length;
    while (size > 0 && bytes[size - 1] != '\n') {
      size--;
    }
    return Arrays.copyOf(bytes, size);
  }

  /// A file's bytes as they lie on the disk; writing to them changes nothing there. They stay as
  /// long as anyone holds the segment, also when the file is replaced or removed. Where a file that
  /// is in use cannot be (Windows), they are read instead.
  public static MemorySegment map(Path file) throws IOException {
    // An interrupt would close the channel.
    boolean interrupted = Thread.interrupted();
    try (var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      if (isPosix(file)) {
        return channel.map(FileChannel.MapMode.PRIVATE, 0, channel.size(), Arena.ofAuto());
      }
      var bytes = Arena.ofAuto().allocate(channel.size(), Long.BYTES);
      for (long at = 0; at < bytes.byteSize(); ) {
        int read =
            channel.read(
                bytes.asSlice(at, Math.min(READ_BYTES, bytes.byteSize() - at)).asByteBuffer());
        if (read < 0) {
          throw new EOFException(file.toString());
        }
        at += read;
      }
      return bytes;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static Path directoryOf(Path file) {
    return Objects.requireNonNull(file.toAbsolutePath().getParent());
  }

  public static void sync(Path file) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /// Makes names in a directory last. Where a directory cannot be opened (Windows), the file system
  /// does so itself.
  public static void syncDirectory(Path directory) throws IOException {
    if (isPosix(directory)) {
      try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  public static void createPrivate(Path file) throws IOException {
    try {
      Files.createFile(file);
    } catch (FileAlreadyExistsException e) {
      return;
    }
    makePrivate(file);
  }

  public static void createPrivateDirectory(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory);
      if (isPosix(directory)) {
        Files.setPosixFilePermissions(directory, OWNER_DIRECTORY);
      }
    }
  }

  static void makePrivate(Path file) throws IOException {
    if (isPosix(file)) {
      Files.setPosixFilePermissions(file, OWNER_FILE);
    }
  }

  static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /// What tells a file from a copy of it: its inode and its time of birth.
  static String place(Path file) throws IOException {
    var attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return attributes.fileKey() + "@" + attributes.creationTime().toInstant();
  }

  public static void deleteTree(Path root) throws IOException {
    if (Files.notExists(root)) {
      return;
    }
    try (var paths = Files.walk(root)) {
      for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  /// Deletes the files in a directory whose whole names match.
  public static void deleteNamed(Path directory, String names) throws IOException {
    for (var file : named(directory, names)) {
      Files.deleteIfExists(file);
    }
  }

  /// The files in a directory whose whole names match; none where there is no directory.
  public static List<Path> named(Path directory, String names) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (var files = Files.list(directory)) {
      return files.filter(file -> String.valueOf(file.getFileName()).matches(names)).toList();
    }
  }

  /// What the files in a directory take whose whole names match; 0 where it cannot be read.
  static long bytesNamed(Path directory, String names) {
    try {
      return named(directory, names).stream().mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException e) {
      return 0;
    }
  }

  /// Whether a failure left everything as it was: there is no room, no permission, or something
  /// else in the place. After any other nobody knows what is on the disk.
  static boolean isRefusal(IOException failure) {
    return isFull(failure)
        || failure instanceof AccessDeniedException
        || failure instanceof NoSuchFileException
        || failure instanceof NotDirectoryException
        || failure instanceof FileAlreadyExistsException;
  }

  private static boolean isFull(IOException failure) {
    var reason = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    return reason.contains("no space left")
        || reason.contains("disk full")
        || reason.contains("quota exceeded")
        || reason.contains("not enough space");
  }

  /// Our error for an operating system's.
  public static RemanenceException translate(IOException failure, Path file) {
    if (isFull(failure)) {
      return new DiskFull(
          "no room to write " + file + "; free some space and call again",
          failure,
          "file",
          file.toString());
    }
    var lower = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    if (failure instanceof AccessDeniedException
        || lower.contains("read-only file system")
        || lower.contains("permission denied")
        || lower.contains("operation not permitted")) {
      return new Forbidden(
          "no permission to use "
              + file
              + " ("
              + reasonOf(failure)
              + "); give this user read and write access to the directory, or choose another with"
              + " --store",
          "file",
          file.toString());
    }
    if (failure instanceof NoSuchFileException) {
      return new NotFound("there is no " + file, "file", file.toString());
    }
    if (failure instanceof NotDirectoryException || failure instanceof FileAlreadyExistsException) {
      return new InvalidInput(
          "a directory is expected at " + file + "; something else is there",
          "file",
          file.toString());
    }
    return new Unavailable(
        "cannot use " + file + ": " + reasonOf(failure), failure, "file", file.toString());
  }

  static RemanenceException translate(ReadOnlyFileSystemException failure, Path file) {
    return new Forbidden("the file system of " + file + " is read-only", "file", file.toString());
  }

  private static String reasonOf(IOException failure) {
    return failure instanceof FileSystemException specific && specific.getReason() != null
        ? specific.getReason()
        : failure.getClass().getSimpleName();
  }
}
