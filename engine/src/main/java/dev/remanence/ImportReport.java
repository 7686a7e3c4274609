package dev.remanence;

import java.util.List;

/// What an import took in.
///
/// @param revisions revisions taken over from another store as they are
/// @param memories plain memories remembered anew
/// @param known revisions that were here already, or that an erasure keeps out
/// @param badLines lines that were left out, the first thousand of them
/// @param bad how many lines were left out
public record ImportReport(
    long lines, long revisions, long memories, long known, long bad, List<BadLine> badLines) {

  /// A line that was left out and why.
  public record BadLine(long line, String reason) {}
}
