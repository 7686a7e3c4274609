package dev.remanence.daemon.protocol;

import dev.remanence.Json;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// An object to be - an answer, or the params of a call - whose fields are left out where there is
/// no value. Ids, paths and times take their written form here.
public final class Shape {
  private final Json.Fields fields = Json.object();

  public Shape put(String name, @Nullable Json value) {
    if (value != null) {
      fields.put(name, value);
    }
    return this;
  }

  public Shape put(String name, @Nullable String text) {
    return put(name, text == null ? null : Json.of(text));
  }

  public Shape put(String name, @Nullable UUID id) {
    return put(name, id == null ? null : id.toString());
  }

  public Shape put(String name, @Nullable Instant time) {
    return put(name, time == null ? null : Times.format(time));
  }

  public Shape put(String name, @Nullable Path path) {
    return put(name, path == null ? null : path.toString());
  }

  public Shape put(String name, @Nullable Double number) {
    return put(name, number == null ? null : Json.of(number.doubleValue()));
  }

  public Shape put(String name, long number) {
    fields.put(name, number);
    return this;
  }

  public Shape put(String name, boolean flag) {
    fields.put(name, flag);
    return this;
  }

  public Shape ids(String name, List<UUID> ids) {
    return list(name, ids, id -> Json.of(id.toString()));
  }

  public Shape texts(String name, List<String> texts) {
    return list(name, texts, Json::of);
  }

  <T> Shape listUnlessEmpty(String name, List<T> items, Function<T, Json> shape) {
    return items.isEmpty() ? this : list(name, items, shape);
  }

  public <T> Shape list(String name, List<T> items, Function<T, Json> shape) {
    var list = new ArrayList<Json>(items.size());
    for (var item : items) {
      list.add(shape.apply(item));
    }
    fields.put(name, Json.array(list));
    return this;
  }

  public Json.Obj build() {
    return fields.build();
  }
}
