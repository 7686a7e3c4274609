package dev.remanence;

/// Who speaks to a store: what a session is opened with. What it writes is recorded under it.
///
/// @param tool the program's name
/// @param pid the program's process
/// @param grant what it may do
public record Caller(String tool, long pid, Grant grant) {
  public Caller {
    Limits.name("tool", tool);
  }

  /// This process, which may do everything.
  public static Caller of(String tool) {
    return new Caller(tool, ProcessHandle.current().pid(), Grant.ALL);
  }

  public Caller grant(Grant grant) {
    return new Caller(tool, pid, grant);
  }
}
