package dev.remanence;

/// What a compaction won.
public record Compaction(long bytesBefore, long bytesAfter, long recompressed) {
  public long bytesWon() {
    return bytesBefore - bytesAfter;
  }
}
