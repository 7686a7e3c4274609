package dev.remanence;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Where a memory comes from. Everything is optional; session and tool default to the caller's.
public record Provenance(
    @Nullable String session,
    @Nullable String tool,
    @Nullable String source,
    @Nullable Instant sourceTime,
    @Nullable String method,
    @Nullable Double confidence,
    @Nullable Instant lastConfirmed,
    @Nullable UUID parent) {

  /// Nothing is known.
  public static final Provenance NONE =
      new Provenance(null, null, null, null, null, null, null, null);

  public Provenance {
    Limits.optionalName("provenance.session", session);
    Limits.optionalName("provenance.tool", tool);
    Limits.optionalText("provenance.source", source, Limits.NAME_CHARS_MAX * 8);
    Limits.optionalName("provenance.method", method);
    sourceTime = Limits.optionalMoment("provenance.sourceTime", sourceTime);
    lastConfirmed = Limits.optionalMoment("provenance.lastConfirmed", lastConfirmed);
    if (confidence != null) {
      Limits.unit("provenance.confidence", confidence);
    }
  }

  /// The same, with session and tool filled in where they are missing.
  public Provenance by(String defaultSession, String defaultTool) {
    return new Provenance(
        session == null ? defaultSession : session,
        tool == null ? defaultTool : tool,
        source,
        sourceTime,
        method,
        confidence,
        lastConfirmed,
        parent);
  }

  Provenance confirmed(Instant when) {
    return new Provenance(session, tool, source, sourceTime, method, confidence, when, parent);
  }
}
