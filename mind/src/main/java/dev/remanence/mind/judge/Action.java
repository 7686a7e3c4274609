package dev.remanence.mind.judge;

/// What should become of a turn.
public enum Action {
  /// It stays as it is.
  KEEP,
  /// Nobody will need it.
  DELETE,
  /// A shorter text takes its place.
  COMPRESS,
  /// What it states should be remembered for good.
  PROMOTE
}
