package dev.remanence;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/// A backup that was written and read back.
public record BackupInfo(Path file, long bytes, long revisions, Instant at, List<Path> removed) {}
