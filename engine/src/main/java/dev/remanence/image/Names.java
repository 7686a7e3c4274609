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

  int number(String name) {
    var known = numbers.get(name);
    if (known == null) {
      known = numbers.size();
      synchronized (names) {
        names.add(name);
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
    out.putInt(count);
    for (var name : all().subList(0, count)) {
      out.putText(name);
    }
  }

  static Names read(SnapshotIn.Section in) {
    var read = new Names();
    for (int left = in.getInt(); left > 0; left--) {
      read.number(in.getText());
    }
    return read;
  }

  /// All names by number, as of now.
  List<String> all() {
    synchronized (names) {
      return List.copyOf(names);
    }
  }
}
