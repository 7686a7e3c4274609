package dev.remanence.daemon.protocol;

import dev.remanence.Json;
import dev.remanence.WatchEvent;

/// What a watch tells, as every surface writes it.
public final class Events {
  private Events() {}

  public static Json.Obj of(WatchEvent event) {
    return new Shape()
        .put("position", event.position())
        .put("id", event.id())
        .put("scope", event.scope())
        .put("revision", event.revision())
        .put("change", event.change().word())
        .put("recordedAt", event.recordedAt())
        .put("session", event.session())
        .put("tool", event.tool())
        .build();
  }
}
