package dev.remanence.torture;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.NullMarked;

/// The bytes by which memories can be recognised in files: their salts, and whatever of their
/// packed bodies no other memory has. A body is packed, so looking for its text alone would prove
/// little.
///
/// A few letters before attributes that every memory has are not enough: what an unfinished write
/// of another memory left would be taken for this one.
@NullMarked
final class Traces {
  private static final int WINDOW = 16;

  /// Bytes at either end of a window which, shared with another memory, say that it is no trace.
  private static final int SHARED = 12;

  private static final int HEADER_MEMORY_OFFSET = 16;

  /// By first eight bytes, so that a file is passed over once.
  private final Set<ByteBuffer> windows = new HashSet<>();

  private Traces() {}

  /// No traces at all.
  static Traces none() {
    return new Traces();
  }

  /// The traces of memories in a store that may be open. Holds its journal open for a moment.
  static Traces of(Path store, Collection<UUID> memories) throws SQLException {
    var traces = new Traces();
    var others = new HashSet<ByteBuffer>();
    try (var connection =
            DriverManager.getConnection("jdbc:sqlite:" + store.resolve("journal.db"));
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT head, salt, body FROM revision")) {
      while (rows.next()) {
        var head = ByteBuffer.wrap(rows.getBytes(1));
        var id =
            new UUID(head.getLong(HEADER_MEMORY_OFFSET), head.getLong(HEADER_MEMORY_OFFSET + 8));
        boolean wanted = memories.contains(id);
        for (int column = 2; column <= 3; column++) {
          if (rows.getBytes(column) != null) {
            (wanted ? traces.windows : others)
                .addAll(windowsOf(rows.getBytes(column), wanted ? WINDOW : SHARED));
          }
        }
      }
    }
    traces.removeShared(others);
    return traces;
  }

  /// The traces of texts: each as UTF-8 and UTF-16 in both orders, whole.
  static Traces of(String... texts) {
    var traces = new Traces();
    for (var text : texts) {
      for (Charset charset :
          List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
        var bytes = text.getBytes(charset);
        traces.windows.add(ByteBuffer.wrap(Arrays.copyOf(bytes, Math.min(bytes.length, WINDOW))));
      }
    }
    return traces;
  }

  private static List<ByteBuffer> windowsOf(byte[] bytes, int size) {
    var windows = new ArrayList<ByteBuffer>();
    for (int at = 0; at + size <= bytes.length; at++) {
      windows.add(ByteBuffer.wrap(Arrays.copyOfRange(bytes, at, at + size)));
    }
    return windows;
  }

  private void removeShared(Set<ByteBuffer> others) {
    windows.removeIf(window -> {
      int size = window.remaining();
      return size >= SHARED
          && (others.contains(window.slice(0, SHARED))
              || others.contains(window.slice(size - SHARED, SHARED)));
    });
  }

  Traces and(Traces more) {
    windows.addAll(more.windows);
    return this;
  }

  boolean isEmpty() {
    return windows.isEmpty();
  }

  /// Where they are found below a store's directory. What other memories came to share with them
  /// since is no trace.
  List<String> foundIn(Path store) throws IOException, SQLException {
    var rest = new Traces();
    rest.windows.addAll(windows);
    var others = new HashSet<ByteBuffer>();
    try (var connection =
            DriverManager.getConnection("jdbc:sqlite:" + store.resolve("journal.db"));
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT salt, body FROM revision WHERE body NOT NULL")) {
      while (rows.next()) {
        others.addAll(windowsOf(rows.getBytes(1), SHARED));
        others.addAll(windowsOf(rows.getBytes(2), SHARED));
      }
    }
    rest.removeShared(others);
    return rest.foundBelow(store);
  }

  /// Where they are found below a directory.
  List<String> foundBelow(Path directory) throws IOException {
    var bySize = new HashMap<Integer, Set<ByteBuffer>>();
    windows.forEach(
        window -> bySize.computeIfAbsent(window.remaining(), _ -> new HashSet<>()).add(window));
    var found = new ArrayList<String>();
    List<Path> files;
    try (var walk = Files.walk(directory)) {
      files = walk.filter(Files::isRegularFile).toList();
    }
    for (var file : files) {
      byte[] bytes;
      try {
        bytes = Files.readAllBytes(file);
      } catch (NoSuchFileException e) {
        continue;
      }
      for (Map.Entry<Integer, Set<ByteBuffer>> size : bySize.entrySet()) {
        search(bytes, size.getKey(), size.getValue(), directory.relativize(file), found);
      }
    }
    return found;
  }

  private static void search(
      byte[] bytes, int size, Set<ByteBuffer> wanted, Path file, List<String> found) {
    for (int at = 0; at + size <= bytes.length; at++) {
      if (wanted.contains(ByteBuffer.wrap(bytes, at, size))) {
        found.add(file + " at " + at);
        return;
      }
    }
  }
}
