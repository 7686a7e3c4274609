package dev.remanence.image;

import dev.remanence.Filter;
import dev.remanence.Json;
import dev.remanence.journal.Body;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Which rows have a tag, a key, a tool, a session, a metadata value: the parts of a filter that
/// columns of numbers cannot answer, as lists of rows by value.
///
/// Written by one thread at a time, under the image's lock; readers ask for the rows below the
/// count that they hold.
final class Facets {
  private final Map<String, RowList> tags = new ConcurrentHashMap<>();
  private final Map<String, RowList> keys = new ConcurrentHashMap<>();
  private final Map<String, RowList> tools = new ConcurrentHashMap<>();
  private final Map<String, RowList> sessions = new ConcurrentHashMap<>();
  private final Map<String, Map<Json, RowList>> metadata = new ConcurrentHashMap<>();
  private long values;

  void add(int row, Body.Attributes attributes) {
    attributes.tags().forEach(tag -> list(tags, tag).add(row));
    if (attributes.key() != null) {
      list(keys, attributes.key()).add(row);
    }
    var provenance = attributes.provenance();
    if (provenance.tool() != null) {
      list(tools, provenance.tool()).add(row);
    }
    if (provenance.session() != null) {
      list(sessions, provenance.session()).add(row);
    }
    attributes
        .metadata()
        .fields()
        .forEach((name, value) ->
            list(metadata.computeIfAbsent(name, _ -> new ConcurrentHashMap<>()), value).add(row));
  }

  private <K> RowList list(Map<K, RowList> lists, K value) {
    var list = lists.get(value);
    if (list == null) {
      list = new RowList();
      lists.put(value, list);
      values++;
    }
    return list;
  }

  /// The rows below a count that pass, as bits, or null where the filter says nothing about facets.
  long @Nullable [] passing(Filter filter, int count) {
    if (filter.looksAtColumnsOnly()) {
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

  /// About what the lists take.
  long bytes() {
    long bytes = 0;
    for (var lists : Arrays.asList(tags, keys, tools, sessions)) {
      for (var list : lists.values()) {
        bytes += list.bytes();
      }
    }
    for (var lists : metadata.values()) {
      for (var list : lists.values()) {
        bytes += list.bytes();
      }
    }
    return bytes + 120 * values;
  }
}
