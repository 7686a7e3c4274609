package dev.remanence.daemon.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remanence.AsOf;
import dev.remanence.Assemblies;
import dev.remanence.BackupErasure;
import dev.remanence.BackupInfo;
import dev.remanence.BackupSchedule;
import dev.remanence.Caller;
import dev.remanence.Compaction;
import dev.remanence.Conflicts;
import dev.remanence.Context;
import dev.remanence.ContextQuestion;
import dev.remanence.Curation;
import dev.remanence.Draft;
import dev.remanence.Facts;
import dev.remanence.Filter;
import dev.remanence.Hit;
import dev.remanence.ImportOptions;
import dev.remanence.ImportReport;
import dev.remanence.Json;
import dev.remanence.Limits;
import dev.remanence.Listing;
import dev.remanence.Memory;
import dev.remanence.OpenOptions;
import dev.remanence.Page;
import dev.remanence.Patch;
import dev.remanence.Query;
import dev.remanence.Range;
import dev.remanence.Recall;
import dev.remanence.Receipt;
import dev.remanence.Remanence;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.StoreClosed;
import dev.remanence.Remembered;
import dev.remanence.Retention;
import dev.remanence.Revised;
import dev.remanence.Similar;
import dev.remanence.Stats;
import dev.remanence.Status;
import dev.remanence.Turns;
import dev.remanence.Verification;
import dev.remanence.Watch;
import dev.remanence.WatchEvent;
import dev.remanence.Written;
import dev.remanence.daemon.protocol.Protocol;
import dev.remanence.daemon.protocol.RpcLine;
import dev.remanence.daemon.protocol.Shape;
import dev.remanence.daemon.wire.Spool;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// One caller's session with a store that another process owns: each method is a call of the
/// protocol's method of that name, over a [Link]. Results, exceptions, their messages and facts are
/// those that the owner itself would give, except where a method says otherwise. Thread-safe.
///
/// What the wire adds: a `rememberAll` that is longer than a line goes through a private temporary
/// file, still as one commit, and one of more than 256 MiB as JSON is `TooLarge`; times end at the
/// millisecond, as in the store; a cause stays with the owner. Every method may throw `Unavailable`
/// where the owner was lost.
public final class RemoteStore implements Remanence {
  /// What a request has beside its memories: its name, an id, a scope.
  private static final int ENVELOPE_BYTES_MAX = 4096;

  private final Link link;
  private volatile boolean closed;

  RemoteStore(Link link) {
    this.link = link;
  }

  /// The store as the process that owns it serves it; null where nobody does.
  public static @Nullable Remanence attach(Path store, OpenOptions options) {
    var link = OwnerLink.attach(store, options);
    return link == null ? null : new RemoteStore(link);
  }

  Answer call(String method, Shape params) {
    return call(method, params, Progress.NONE);
  }

  private Answer call(String method, Shape params, Progress progress) {
    requireOpen();
    return Answer.of(link.call(method, params.build(), progress));
  }

  private void requireOpen() {
    if (closed) {
      throw new StoreClosed("the store was closed");
    }
  }

  @Override
  public Remanence session(Caller caller) {
    requireOpen();
    return new RemoteStore(link.session(caller));
  }

  @Override
  public Assemblies assemblies(String scope) {
    return new RemoteAssemblies(this, Limits.scope(scope));
  }

  @Override
  public Facts facts(String scope) {
    return new RemoteFacts(this, Limits.scope(scope));
  }

  @Override
  public Curation curate(String scope, Curation.Options options) {
    var params =
        Encoded.in(scope)
            .put("recursive", options.recursive())
            .put("dryRun", options.dryRun())
            .put("limit", options.limit());
    return Decoded.curation(call("curate", params));
  }

  @Override
  public Curation.Undone undo(UUID run) {
    return Decoded.undone(call("undo", new Shape().put("run", run)));
  }

  @Override
  public Conflicts conflicts(String scope) {
    return new RemoteConflicts(this, Limits.scope(scope));
  }

  @Override
  public Turns turns(String scope) {
    return new RemoteTurns(this, Limits.scope(scope));
  }

  @Override
  public Context context(String scope, ContextQuestion question) {
    var params =
        Encoded.in(scope)
            .put("query", Encoded.optionalText("query", question.query()))
            .put("maxTokens", question.maxTokens())
            .put("tokenizer", question.tokenizer().name());
    return Decoded.context(call("context", params));
  }

  // Writing

  @Override
  public List<Remembered> rememberAll(String scope, List<Draft> drafts) {
    var params = Encoded.in(scope);
    Limits.count("memories", drafts.size(), 1, Limits.BATCH_MAX);
    if (drafts.size() == 1) {
      return rememberAll(params.list("memories", drafts, RemoteStore::encoded));
    }
    var memories = drafts.stream().map(RemoteStore::encoded).toList();
    var lines = memories.stream().map(memory -> memory.toString().getBytes(UTF_8)).toList();
    long bytes = lines.stream().mapToLong(line -> line.length + 1L).sum();
    if (bytes <= RpcLine.LINE_BYTES_MAX - ENVELOPE_BYTES_MAX) {
      return rememberAll(params.put("memories", Json.array(memories)));
    }
    try (var spool = Spool.make()) {
      spool.write(lines);
      return rememberAll(params.put("file", spool.file()));
    }
  }

  private List<Remembered> rememberAll(Shape params) {
    return call("rememberAll", params).list("results", Decoded::remembered);
  }

  private static Json encoded(Draft draft) {
    return Encoded.draft(new Shape(), draft).build();
  }

  @Override
  public Remembered supersede(String scope, Draft draft) {
    if (draft.told().key() == null) {
      throw new InvalidInput("a value is superseded under a key; none was given", "field", "key");
    }
    return Decoded.remembered(call("supersede", Encoded.draft(Encoded.in(scope), draft)));
  }

  @Override
  public Written revise(UUID id, Patch patch) {
    return Decoded.written(call("revise", Encoded.patch(id, patch)));
  }

  @Override
  public Written link(UUID from, String type, UUID to) {
    return arrow("link", from, type, to);
  }

  @Override
  public Written unlink(UUID from, String type, UUID to) {
    return arrow("unlink", from, type, to);
  }

  private Written arrow(String method, UUID from, String type, UUID to) {
    var arrow = new dev.remanence.Link(type, to);
    return Decoded.written(
        call(
            method, new Shape().put("from", from).put("type", arrow.type()).put("to", arrow.to())));
  }

  @Override
  public int forget(UUID id, @Nullable String reason) {
    return call("forget", because(Encoded.of(id), reason)).integer("forgotten");
  }

  @Override
  public int forget(String scope, Filter filter, boolean recursive, @Nullable String reason) {
    var params = Encoded.in(scope).put("filter", Encoded.filter(filter));
    return call("forget", because(params.put("recursive", recursive), reason)).integer("forgotten");
  }

  @Override
  public Receipt erase(UUID id, @Nullable String reason) {
    return Decoded.receipt(call("erase", because(Encoded.of(id), reason)));
  }

  @Override
  public Receipt eraseScope(String scope, boolean recursive, @Nullable String reason) {
    var params = Encoded.in(scope).put("recursive", recursive);
    return Decoded.receipt(call("erase", because(params, reason)));
  }

  private static Shape because(Shape params, @Nullable String reason) {
    return params.put("reason", Encoded.optionalText("reason", reason));
  }

  // Reading

  @Override
  public Memory get(UUID id, AsOf asOf) {
    return Decoded.memory(call("get", Encoded.asOf(Encoded.of(id), asOf)));
  }

  @Override
  public Memory get(String scope, String key, AsOf asOf) {
    var params = Encoded.in(scope).put("key", Encoded.text("key", key));
    return Decoded.memory(call("get", Encoded.asOf(params, asOf)));
  }

  /// The watch goes on with the next owner of the store, after the last event that was told.
  @Override
  public Watch watch(
      @Nullable String scope,
      boolean recursive,
      @Nullable Long since,
      Consumer<WatchEvent> consumer) {
    requireOpen();
    return link.watch(scope == null ? null : Limits.scope(scope), recursive, since, consumer);
  }

  @Override
  public Recall recall(String scope, Query query) {
    return Decoded.recall(call("recall", Encoded.query(scope, query)));
  }

  @Override
  public List<Hit> similar(String scope, Similar question) {
    return call("similar", Encoded.similar(scope, question)).list("hits", Decoded::hit);
  }

  @Override
  public Page list(String scope, Listing listing) {
    return Decoded.page(call("list", Encoded.listing(scope, listing)));
  }

  @Override
  public Page range(String scope, Range range) {
    return Decoded.page(call("range", Encoded.range(scope, range)));
  }

  /// Each page is of the moment at which it is read: what is changed while the stream is consumed
  /// comes again at its end, with the new value.
  @Override
  public Stream<Memory> stream(String scope, Filter filter, boolean recursive) {
    Limits.scope(scope);
    var parts = Encoded.optionalFilter(filter);
    return StreamSupport.stream(
        new PagedMemories(cursor ->
            Decoded.page(
                call(
                    "stream",
                    Encoded.in(scope)
                        .put("recursive", recursive)
                        .put("filter", parts)
                        .put("limit", PagedMemories.MEMORIES_A_PAGE)
                        .put("cursor", cursor)))),
        false);
  }

  @Override
  public List<ScopeInfo> scopes(@Nullable String below) {
    var params = new Shape().put("below", below == null ? null : Limits.scope(below));
    return call("scopes", params).list("scopes", Decoded::scope);
  }

  // History

  @Override
  public List<Revised> history(UUID id) {
    return revisions("history", () -> Encoded.of(id));
  }

  /// All pages of a history.
  List<Revised> revisions(String method, Supplier<Shape> params) {
    var revisions = new ArrayList<Revised>();
    String cursor = null;
    do {
      var page = call(method, params.get().put("cursor", cursor));
      revisions.addAll(page.list("revisions", Decoded::revised));
      cursor = page.optionalText("cursor");
    } while (cursor != null);
    return revisions;
  }

  @Override
  public String diff(UUID id, int from, int to) {
    return call("diff", Encoded.of(id).put("from", from).put("to", to)).text("diff");
  }

  @Override
  public Written revert(UUID id, int revision, @Nullable String message) {
    return Decoded.written(
        call("revert", saying(Encoded.of(id).put("revision", revision), message)));
  }

  @Override
  public Written branch(
      UUID id, String name, @Nullable Integer fromRevision, @Nullable String message) {
    var params = Encoded.of(id).put("name", Encoded.text("name", name));
    if (fromRevision != null) {
      params.put("fromRevision", fromRevision.longValue());
    }
    return Decoded.written(call("branch", saying(params, message)));
  }

  @Override
  public Written merge(
      UUID id, String from, String into, @Nullable Prefer prefer, @Nullable String message) {
    var params =
        Encoded.of(id)
            .put("from", Encoded.text("from", from))
            .put("into", Encoded.text("into", into))
            .put("prefer", Encoded.word(prefer));
    return Decoded.written(call("merge", saying(params, message)));
  }

  private static Shape saying(Shape params, @Nullable String message) {
    return params.put("message", Encoded.optionalText("message", message));
  }

  @Override
  public List<SessionInfo> sessions() {
    return call("sessions", new Shape()).list("sessions", Decoded::session);
  }

  // Care

  @Override
  public Verification verify(boolean deep, @Nullable Path anchor, Progress progress) {
    var params = new Shape().put("deep", deep);
    if (anchor != null) {
      params.put("anchor", Encoded.path(anchor));
    }
    return Decoded.verification(call("verify", params, progress));
  }

  @Override
  public BackupInfo backup(Path directory, Retention retention, Progress progress) {
    return Decoded.backup(call("backup", Encoded.backup(directory, retention), progress));
  }

  @Override
  public BackupErasure eraseFromBackups(Progress progress) {
    return Decoded.backupErasure(call("erase", new Shape().put("backups", true), progress));
  }

  /// The owner makes the backups, also after this session has ended, until it closes the store.
  @Override
  public void scheduleBackups(@Nullable BackupSchedule schedule) {
    call("backup", Encoded.schedule(schedule));
  }

  @Override
  public Compaction compact() {
    return Decoded.compaction(call("compact", new Shape()));
  }

  @Override
  public Stats stats() {
    return Decoded.stats(call("stats", new Shape()));
  }

  /// Who owns the store: the process, its version and its directory, and how long it has had the
  /// store open. Only the session is this caller's.
  @Override
  public Status status() {
    return Decoded.status(call("status", new Shape()));
  }

  /// What is exported lies in a private temporary file meanwhile.
  @Override
  public long exportTo(OutputStream out, Progress progress) {
    requireOpen();
    try (var spool = Spool.make()) {
      var answer = call("export", new Shape().put("file", spool.file()), progress);
      spool.copyTo(out);
      return answer.number("lines");
    }
  }

  /// What is imported lies in a private temporary file meanwhile. A source that cannot be read to
  /// its end is `Unavailable` with nothing taken in.
  @Override
  public ImportReport importFrom(InputStream in, ImportOptions options, Progress progress) {
    requireOpen();
    var scope = options.scope() == null ? Protocol.STANDARD_SCOPE : options.scope();
    var params = Encoded.in(scope).put("strict", options.strict()).put("defer", true);
    try (var spool = Spool.make()) {
      spool.copyFrom(in);
      return Decoded.importReport(call("import", params.put("file", spool.file()), progress));
    }
  }

  @Override
  public long embedMissing(Progress progress) {
    return call("embed", new Shape(), progress).number("embedded");
  }

  @Override
  public void saveAnchor(Path file) {
    call("saveAnchor", new Shape().put("to", Encoded.path(file)));
  }

  /// Ends the session; the store stays open for others.
  @Override
  public void close() {
    closed = true;
    link.close();
  }
}
