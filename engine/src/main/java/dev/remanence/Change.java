package dev.remanence;

import java.util.Locale;

/// What a revision does to its memory. The codes are part of the data file and never reused.
public enum Change {
  /// Names the scope: the first revision of each chain. It belongs to no memory.
  OPEN(1),
  CREATE(2),
  /// The same content again: the counter goes up, tags are united.
  REINFORCE(3),
  /// A correction: replaces what was known.
  REVISE(4),
  /// The same value with narrower validity, because another value took the rest.
  BOUND(5),
  /// Another value, valid from a later or an earlier moment.
  SUPERSEDE(6),
  LINK(7),
  UNLINK(8),
  FORGET(9),
  ERASE(10),
  REVERT(11),
  /// The first revision on a branch.
  BRANCH(12),
  MERGE(13);

  private final int code;

  Change(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The change with this code, or null: the caller knows which bytes were wrong.
  public static @org.jspecify.annotations.Nullable Change ofCode(int code) {
    return code >= 1 && code <= values().length ? values()[code - 1] : null;
  }
}
