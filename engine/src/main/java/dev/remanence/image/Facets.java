package dev.remanence.image;

import dev.remanence.Filter;
import dev.remanence.Json;
import dev.remanence.journal.Body;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Which rows have a tag, a key, a tool, a session, a metadata value: the parts of a filter that
/// columns of numbers cannot answer, as lists of rows by value.
///
/// Written by one thread at a time, under the image's lock; readers ask for the rows below the
/// count that they hold.
final class Facets {
  /// About what a value takes beside its list: the text, and its place in the map.
  private static final int VALUE_BYTES = 120;

  private final Map<String, RowList> tags = new ConcurrentHashMap<>();
  private final Map<String, RowList> keys = new ConcurrentHashMap<>();
  private final Map<String, RowList> tools = new ConcurrentHashMap<>();
  private final Map<String, RowList> sessions = new ConcurrentHashMap<>();
  private final Map<String, Map<Json, RowList>> metadata = new ConcurrentHashMap<>();

  /// About what the lists take. The writer's.
  private long bytes;

  void add(int row, Body.Attributes attributes) {
    attributes.tags().forEach(tag -> add(tags, tag, row));
    if (attributes.key() != null) {
      add(keys, attributes.key(), row);
    }
    var provenance = attributes.provenance();
    if (provenance.tool() != null) {
      add(tools, provenance.tool(), row);
    }
    if (provenance.session() != null) {
      add(sessions, provenance.session(), row);
    }
    attributes
        .metadata()
        .fields()
        .forEach((name, value) ->
            add(metadata.computeIfAbsent(name, _ -> new ConcurrentHashMap<>()), value, row));
  }

  private <K> void add(Map<K, RowList> lists, K value, int row) {
    var list = lists.get(value);
    if (list == null) {
      list = new RowList();
      lists.put(value, list);
      bytes += VALUE_BYTES + list.bytes();
    }
    bytes -= list.bytes();
    list.add(row);
    bytes += list.bytes();
  }

  /// Writes the lists of the rows below a count.
  void write(SnapshotOut out, int count) throws IOException {
    for (var lists : texts()) {
      write(out, lists, text -> text, count);
    }
    var names = new ArrayList<>(metadata.entrySet());
    out.putInt(names.size());
    for (var name : names) {
      out.putText(name.getKey());
      write(out, name.getValue(), Json::toString, count);
    }
  }

  private static <K> void write(
      SnapshotOut out, Map<K, RowList> lists, Function<K, String> text, int count)
      throws IOException {
    var seen = new ArrayList<Map.Entry<K, RowList>>();
    for (var each : lists.entrySet()) {
      if (each.getValue().below(count) > 0) {
        seen.add(each);
      }
    }
    out.putInt(seen.size());
    for (var each : seen) {
      out.putText(text.apply(each.getKey()));
      each.getValue().write(out, each.getValue().below(count));
    }
  }

  static Facets read(SnapshotIn.Section in) {
    var read = new Facets();
    for (var lists : read.texts()) {
      read.read(in, lists, text -> text);
    }
    for (int names = in.getInt(); names > 0; names--) {
      var lists = new ConcurrentHashMap<Json, RowList>();
      read.metadata.put(in.getText(), lists);
      read.read(in, lists, Json::parse);
    }
    return read;
  }

  private <K> void read(SnapshotIn.Section in, Map<K, RowList> lists, Function<String, K> key) {
    for (int left = in.getInt(); left > 0; left--) {
      var value = key.apply(in.getText());
      var list = RowList.read(in);
      lists.put(value, list);
      bytes += VALUE_BYTES + list.bytes();
    }
  }

  private List<Map<String, RowList>> texts() {
    return List.of(tags, keys, tools, sessions);
  }

  /// The rows below a count that pass, as bits, or null where the filter says nothing about facets.
  long @Nullable [] passing(Filter filter, int count) {
    // No row has a tag that is to be left out: mostly so for what reads do not show by themselves.
    if (filter.leavesOutAtMost() && filter.tagsNone().stream().noneMatch(tags::containsKey)) {
      return null;
    }
    var bits = new Passing(count);
    if (!filter.tagsAny().isEmpty()) {
      bits.both(any(tags, filter.tagsAny()::contains, count));
    }
    for (var tag : filter.tagsAll()) {
      bits.both(of(tags.get(tag), count));
    }
    if (filter.keyPrefix() != null) {
      bits.both(any(keys, key -> key.startsWith(filter.keyPrefix()), count));
    }
    if (filter.tool() != null) {
      bits.both(of(tools.get(filter.tool()), count));
    }
    if (filter.session() != null) {
      bits.both(of(sessions.get(filter.session()), count));
    }
    filter
        .metadata()
        .forEach((name, tests) -> {
          var lists = metadata.getOrDefault(name, Map.of());
          for (var test : tests) {
            if (test.passes(null)) {
              lists.forEach((value, list) -> {
                if (!test.passes(value)) {
                  list.removeFrom(bits.words, count);
                }
              });
            } else {
              bits.both(any(lists, test::passes, count));
            }
          }
        });
    for (var tag : filter.tagsNone()) {
      var list = tags.get(tag);
      if (list != null) {
        list.removeFrom(bits.words, count);
      }
    }
    return bits.words;
  }

  private static <K> long[] any(Map<K, RowList> lists, Predicate<K> wanted, int count) {
    var bits = new long[words(count)];
    lists.forEach((value, list) -> {
      if (wanted.test(value)) {
        list.addTo(bits, count);
      }
    });
    return bits;
  }

  private static long[] of(@Nullable RowList list, int count) {
    var bits = new long[words(count)];
    if (list != null) {
      list.addTo(bits, count);
    }
    return bits;
  }

  private static int words(int count) {
    return (count + 63) >>> 6;
  }

  /// Rows that have passed so far: all, to begin with.
  private static final class Passing {
    final long[] words;

    Passing(int count) {
      words = new long[words(count)];
      Arrays.fill(words, -1L);
      if ((count & 63) != 0) {
        words[words.length - 1] = (1L << count) - 1;
      }
    }

    void both(long[] others) {
      for (int i = 0; i < words.length; i++) {
        words[i] &= others[i];
      }
    }
  }

  long bytes() {
    return bytes;
  }
}
