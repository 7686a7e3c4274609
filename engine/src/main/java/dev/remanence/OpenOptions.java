package dev.remanence;

import java.time.Duration;

/// How to open a store. The defaults are right for almost everyone.
///
/// @param create whether a missing store is made
/// @param tool the name under which changes are recorded
/// @param lockWait how long to wait for another process to let go of the store
/// @param embedder what finds by meaning: `auto`, a model's name, `static`, a server's address or
///   `none`, as in docs/embedding.md; unless told, what the environment's `REMANENCE_EMBEDDER` says
/// @param shared whether to use the store together with other processes, where that is installed
/// @param conflicts whether what is remembered is held against what is there, as in
///   docs/conflicts.md; unless told, so unless the environment's `REMANENCE_CONFLICTS` says `off`
public record OpenOptions(
    boolean create,
    String tool,
    Duration lockWait,
    String embedder,
    boolean shared,
    boolean conflicts) {
  public static final OpenOptions DEFAULT =
      new OpenOptions(
          true,
          "java",
          Duration.ofSeconds(10),
          System.getenv().getOrDefault("REMANENCE_EMBEDDER", "auto"),
          true,
          !"off".equals(System.getenv("REMANENCE_CONFLICTS")));

  public OpenOptions {
    Limits.name("tool", tool);
  }

  public OpenOptions create(boolean create) {
    return new OpenOptions(create, tool, lockWait, embedder, shared, conflicts);
  }

  public OpenOptions tool(String tool) {
    return new OpenOptions(create, tool, lockWait, embedder, shared, conflicts);
  }

  public OpenOptions lockWait(Duration lockWait) {
    return new OpenOptions(create, tool, lockWait, embedder, shared, conflicts);
  }

  public OpenOptions embedder(String embedder) {
    return new OpenOptions(create, tool, lockWait, embedder, shared, conflicts);
  }

  public OpenOptions shared(boolean shared) {
    return new OpenOptions(create, tool, lockWait, embedder, shared, conflicts);
  }

  public OpenOptions conflicts(boolean conflicts) {
    return new OpenOptions(create, tool, lockWait, embedder, shared, conflicts);
  }
}
