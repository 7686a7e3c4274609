package dev.remanence;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A store: memories in scopes, with all of their history. Thread-safe; made for any number of
/// threads, virtual ones included. A write that returned is on disk; a read sees every write that
/// returned before it, and never waits for one.
///
/// ```java
/// try (var store = Remanence.open(Path.of("memory"))) {
///   var user = store.scope("acme/user:42");
///   user.remember("Anna prefers tea");
///   user.recall("what does Anna drink?").hits().forEach(hit -> print(hit.memory().text()));
/// }
/// ```
///
/// All failures are of the family [RemanenceException]. Methods that take an id need no scope.
public interface Remanence extends AutoCloseable {

  /// Opens the store in a directory, which is created if it is not there. Where another process
  /// owns it and serves it, that process is spoken to, with the same results.
  static Remanence open(Path directory) {
    return open(directory, OpenOptions.DEFAULT);
  }

  static Remanence open(Path directory, OpenOptions options) {
    return Opening.open(directory, options);
  }

  /// The same store for another caller: what it changes is recorded under a session of its own, and
  /// it sees and does only what it was granted. Closing it ends the session, not the store. Only a
  /// session that may do everything opens others.
  Remanence session(Caller caller);

  /// A view of one scope: the same operations without naming the scope again.
  default MemoryScope scope(String path) {
    return new MemoryScope(this, Limits.scope(path));
  }

  /// A view of one scope's assemblies: named sets of memories.
  Assemblies assemblies(String scope);

  /// A view of one scope's facts: what holds under a key, and since when.
  Facts facts(String scope);

  /// A view of one scope's conflicts: memories that cannot both stand, or say the same twice.
  Conflicts conflicts(String scope);

  /// A view of one scope's turns: the messages of a conversation.
  Turns turns(String scope);

  // Writing

  default Remembered remember(String scope, Draft draft) {
    return rememberAll(scope, List.of(draft)).getFirst();
  }

  /// Remembers all or none, in one commit.
  List<Remembered> rememberAll(String scope, List<Draft> drafts);

  /// Sets a keyed value that holds from a moment on: a new value never replaces the old one but
  /// ends it.
  Remembered supersede(String scope, Draft draft);

  Written revise(UUID id, Patch patch);

  Written link(UUID from, String type, UUID to);

  Written unlink(UUID from, String type, UUID to);

  /// Takes a memory out of every read of the present; its history stays. Answers 1, or 0 where it
  /// was forgotten before.
  int forget(UUID id, @Nullable String reason);

  /// Forgets what passes the filter in a scope and, when recursive, in its descendants.
  int forget(String scope, Filter filter, boolean recursive, @Nullable String reason);

  /// Removes the content of a memory, in all its revisions, from every file of the store. It is
  /// gone when the call returns.
  Receipt erase(UUID id, @Nullable String reason);

  /// Erases all memories of a scope and the scope's name.
  Receipt eraseScope(String scope, boolean recursive, @Nullable String reason);

  // Reading

  default Memory get(UUID id) {
    return get(id, AsOf.NOW);
  }

  Memory get(UUID id, AsOf asOf);

  /// By key: in the scope, else in its nearest ancestor, else in `global`.
  Memory get(String scope, String key, AsOf asOf);

  Recall recall(String scope, Query query);

  /// What is near in meaning, nearest first; a hit's score is the cosine.
  List<Hit> similar(String scope, Similar question);

  Page list(String scope, Listing listing);

  Page range(String scope, Range range);

  /// All current memories of a scope that pass, oldest first, read as the stream is consumed. Holds
  /// no more than a page in memory and no lock.
  Stream<Memory> stream(String scope, Filter filter, boolean recursive);

  /// What an agent should read now, within a number of tokens: pinned memories, facts, the latest
  /// turns, and what answers a query.
  Context context(String scope, ContextQuestion question);

  /// The scopes below a path, or all of them for null, in order, with their number of memories.
  List<ScopeInfo> scopes(@Nullable String below);

  // Life

  /// Lets memories live and be put away by their kinds: docs/curator.md. Every step is a revision
  /// with its reason.
  Curation curate(String scope, Curation.Options options);

  /// Takes back what one run of the curator did.
  Curation.Undone undo(UUID run);

  // History

  /// Every revision, oldest first.
  List<Revised> history(UUID id);

  /// What changed between two revisions, as a unified diff over the memory's lines.
  String diff(UUID id, int from, int to);

  /// Makes an older revision's value the current one, as a new revision.
  Written revert(UUID id, int revision, @Nullable String message);

  /// Starts a branch at the current value, or at a given revision.
  Written branch(UUID id, String name, @Nullable Integer fromRevision, @Nullable String message);

  /// Brings a branch's changes into another branch by a three-way merge. Where both sides changed
  /// the same words, `prefer` decides; without it the merge is refused with `Conflict`.
  Written merge(
      UUID id, String from, String into, @Nullable Prefer prefer, @Nullable String message);

  /// Tells of every revision that is recorded from now on, or after a position: in the order of the
  /// journal, once it is durable and every question sees it, on a thread of the watch's own. A
  /// consumer that is slow reads on from the journal when it is ready; one that throws ends the
  /// watch. What the caller may not see, and what was erased, is not told.
  ///
  /// @param scope null for all that the caller may see
  /// @param recursive the scope's descendants too
  /// @param since the position of an event; null for now
  Watch watch(
      @Nullable String scope,
      boolean recursive,
      @Nullable Long since,
      Consumer<WatchEvent> consumer);

  List<SessionInfo> sessions();

  // Care

  default Verification verify(boolean deep, @Nullable Path anchor) {
    return verify(deep, anchor, Progress.NONE);
  }

  /// Checks the open store. See [StoreCare] for stores that do not open.
  Verification verify(boolean deep, @Nullable Path anchor, Progress progress);

  default BackupInfo backup(Path directory, Retention retention) {
    return backup(directory, retention, Progress.NONE);
  }

  /// Writes a consistent copy, while reads and writes go on.
  BackupInfo backup(Path directory, Retention retention, Progress progress);

  /// Takes everything that was erased out of the backups that the store knows of, and says so in
  /// the receipts. A backup that cannot be rewritten is told, and stays as it is.
  BackupErasure eraseFromBackups(Progress progress);

  /// Backs up by itself from now on, at this interval, into this directory; null ends that.
  void scheduleBackups(@Nullable BackupSchedule schedule);

  Compaction compact();

  Stats stats();

  Status status();

  /// Writes every revision, one JSON object a line.
  long exportTo(OutputStream out, Progress progress);

  ImportReport importFrom(InputStream in, ImportOptions options, Progress progress);

  /// Computes the vectors that are missing - of what was deferred, imported, or embedded by another
  /// model - and waits for it. Without it they come by and by. Answers how many were computed.
  long embedMissing(Progress progress);

  /// Writes the newest signed head to a file outside, for `verify` against rollback.
  void saveAnchor(Path file);

  @Override
  void close();

  /// Which side wins where a merge cannot join both.
  enum Prefer {
    OURS,
    THEIRS
  }

  /// Is told how far a long operation is.
  @FunctionalInterface
  interface Progress {
    Progress NONE = (_, _) -> {};

    /// `total` is 0 where it is not known.
    void at(long done, long total);
  }

  /// A scope and how many memories are current in it.
  record ScopeInfo(String scope, long memories) {}

  /// One sitting of a tool with the store.
  record SessionInfo(
      String session, String tool, long pid, Instant startedAt, @Nullable Instant endedAt) {}
}
