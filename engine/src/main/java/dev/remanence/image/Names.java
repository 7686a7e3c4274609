package dev.remanence.image;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Names by number, in the order of their coming: speakers, sessions. Names are never removed. One
/// writer, any number of readers.
final class Names {
  private final Map<String, Integer> numbers = new ConcurrentHashMap<>();
  private final ArrayList<String> names = new ArrayList<>();

  /// When each came, ascending.
  private final ArrayList<Long> since = new ArrayList<>();

  /// The number of a name.
  ///
  /// @param recorded when it came, if it is a new one
  int number(String name, long recorded) {
    var known = numbers.get(name);
    if (known == null) {
      known = numbers.size();
      synchronized (names) {
        names.add(name);
        since.add(recorded);
      }
      numbers.put(name, known);
    }
    return known;
  }

  int size() {
    return numbers.size();
  }

  /// Writes the names below a number.
  void write(SnapshotOut out, int count) throws IOException {
    synchronized (names) {
      out.putInt(count);
      for (int i = 0; i < count; i++) {
        out.putText(names.get(i));
        out.putLong(since.get(i));
      }
    }
  }

  static Names read(SnapshotIn.Section in) {
    var read = new Names();
    for (int left = in.getInt(); left > 0; left--) {
      var name = in.getText();
      read.number(name, in.getLong());
    }
    return read;
  }

  /// The names that had come by a moment, by number.
  List<String> until(long recorded) {
    synchronized (names) {
      int count = names.size();
      while (count > 0 && since.get(count - 1) > recorded) {
        count--;
      }
      return List.copyOf(names.subList(0, count));
    }
  }
}
