package dev.remanence.daemon.protocol;

import dev.remanence.Json;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// An answer to be: an object whose fields are left out where there is no value. Ids, paths and
/// times take their written form here.
final class Shape {
  private final Json.Fields fields = Json.object();

  Shape put(String name, @Nullable Json value) {
    if (value != null) {
      fields.put(name, value);
    }
    return this;
  }

  Shape put(String name, @Nullable String text) {
    return put(name, text == null ? null : Json.of(text));
  }

  Shape put(String name, @Nullable UUID id) {
    return put(name, id == null ? null : id.toString());
  }

  Shape put(String name, @Nullable Instant time) {
    return put(name, time == null ? null : Times.format(time));
  }

  Shape put(String name, @Nullable Path path) {
    return put(name, path == null ? null : path.toString());
  }

  Shape put(String name, @Nullable Double number) {
    return put(name, number == null ? null : Json.of(number.doubleValue()));
  }

  Shape put(String name, long number) {
    fields.put(name, number);
    return this;
  }

  Shape put(String name, boolean flag) {
    fields.put(name, flag);
    return this;
  }

  Shape ids(String name, List<UUID> ids) {
    return list(name, ids, id -> Json.of(id.toString()));
  }

  Shape texts(String name, List<String> texts) {
    return list(name, texts, Json::of);
  }

  <T> Shape listUnlessEmpty(String name, List<T> items, Function<T, Json> shape) {
    return items.isEmpty() ? this : list(name, items, shape);
  }

  <T> Shape list(String name, List<T> items, Function<T, Json> shape) {
    var list = new ArrayList<Json>(items.size());
    for (var item : items) {
      list.add(shape.apply(item));
    }
    fields.put(name, Json.array(list));
    return this;
  }

  Json.Obj build() {
    return fields.build();
  }
}
