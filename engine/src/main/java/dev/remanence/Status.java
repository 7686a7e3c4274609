package dev.remanence;

import java.nio.file.Path;

/// Who serves the store.
///
/// @param writing false once an unknown failure has stopped all writing: see `WriteStopped`
public record Status(
    long pid,
    String version,
    long uptimeSeconds,
    String session,
    Path store,
    String role,
    boolean writing) {}
