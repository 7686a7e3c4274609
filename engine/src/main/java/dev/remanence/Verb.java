package dev.remanence;

/// What a caller may do with memories that it may see.
public enum Verb {
  /// Every question, history included.
  READ,

  /// Every change that leaves history whole.
  WRITE,

  /// Removing for good.
  ERASE,

  /// What concerns the store as a whole: copies, checks, sessions, numbers.
  ADMIN
}
