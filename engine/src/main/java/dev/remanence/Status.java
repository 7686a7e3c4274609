package dev.remanence;

import java.nio.file.Path;

/// Who serves the store.
public record Status(
    long pid, String version, long uptimeSeconds, String session, Path store, String role) {}
