package dev.remanence.daemon.client;

import dev.remanence.AsOf;
import dev.remanence.Assembly;
import dev.remanence.BackupErasure;
import dev.remanence.BackupInfo;
import dev.remanence.Change;
import dev.remanence.Compaction;
import dev.remanence.ConflictRecord;
import dev.remanence.Context;
import dev.remanence.Curation;
import dev.remanence.Fact;
import dev.remanence.Hit;
import dev.remanence.ImportReport;
import dev.remanence.Kind;
import dev.remanence.Memory;
import dev.remanence.Page;
import dev.remanence.Provenance;
import dev.remanence.Recall;
import dev.remanence.Receipt;
import dev.remanence.Remanence.ScopeInfo;
import dev.remanence.Remanence.SessionInfo;
import dev.remanence.Remembered;
import dev.remanence.Revised;
import dev.remanence.Stats;
import dev.remanence.Status;
import dev.remanence.Verification;
import dev.remanence.WatchEvent;
import dev.remanence.Written;
import dev.remanence.daemon.protocol.RpcLine;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// The engine's records, read from answers: the way back of the protocol's `Answers`.
final class Decoded {
  private Decoded() {}

  static Memory memory(Answer memory) {
    var text = memory.optionalText("text");
    var branch = memory.optionalText("branch");
    return new Memory(
        memory.id("id"),
        memory.text("scope"),
        memory.choice("kind", Kind.class),
        memory.optionalText("key"),
        text,
        text == null ? memory.json("content") : null,
        memory.optionalText("speaker"),
        memory.texts("tags"),
        memory.object("metadata"),
        memory.decimal("importance"),
        memory.flag("pinned"),
        memory.list("links", Decoded::link),
        memory.time("at"),
        memory.optionalTime("until"),
        memory.integer("revision"),
        branch == null ? AsOf.MAIN : branch,
        memory.time("createdAt"),
        memory.time("updatedAt"),
        memory.integer("count"),
        memory.number("uses"),
        memory.decimal("strength"),
        provenance(memory.inner("provenance")),
        memory.optionalTime("expires"),
        memory.flag("durable"),
        memory.text("hash"));
  }

  private static dev.remanence.Link link(Answer link) {
    return new dev.remanence.Link(link.text("type"), link.id("to"));
  }

  private static Provenance provenance(Answer provenance) {
    return new Provenance(
        provenance.optionalText("session"),
        provenance.optionalText("tool"),
        provenance.optionalText("source"),
        provenance.optionalTime("sourceTime"),
        provenance.optionalText("method"),
        provenance.optionalDecimal("confidence"),
        provenance.optionalTime("lastConfirmed"),
        provenance.optionalId("parent"));
  }

  static Remembered remembered(Answer remembered) {
    return new Remembered(
        remembered.id("id"),
        remembered.integer("revision"),
        remembered.choice("outcome", Remembered.Outcome.class),
        remembered.ids("nearDuplicates"),
        remembered.ids("conflicts"),
        remembered.flag("durable"));
  }

  static ConflictRecord conflict(Answer conflict) {
    return new ConflictRecord(
        conflict.id("id"),
        conflict.text("scope"),
        conflict.id("older"),
        conflict.id("newer"),
        conflict.choice("relation", ConflictRecord.Relation.class),
        conflict.choice("reason", ConflictRecord.Reason.class),
        conflict.decimal("score"),
        conflict.choice("status", ConflictRecord.Status.class),
        conflict.optionalText("resolution"),
        conflict.time("at"),
        conflict.integer("revision"));
  }

  static Written written(Answer written) {
    return new Written(written.id("id"), written.integer("revision"));
  }

  static Page page(Answer page) {
    return new Page(page.list("memories", Decoded::memory), page.optionalText("cursor"));
  }

  static Recall recall(Answer recall) {
    return new Recall(
        recall.list("hits", Decoded::hit),
        recall.flag("truncated"),
        recall.optionalText("cursor"),
        recall.object("legs"));
  }

  static Hit hit(Answer hit) {
    return new Hit(
        memory(hit.inner("memory")),
        hit.decimal("score"),
        hit.optionalObject("why"),
        hit.optionalList("before", Decoded::memory),
        hit.optionalList("after", Decoded::memory));
  }

  static Revised revised(Answer revised) {
    var memory = revised.optionalInner("memory");
    return new Revised(
        revised.id("id"),
        revised.integer("revision"),
        revised.choice("change", Change.class),
        revised.text("branch"),
        revised.integers("parents"),
        revised.time("recordedAt"),
        revised.optionalText("session"),
        revised.optionalText("tool"),
        revised.optionalText("message"),
        revised.text("site"),
        revised.number("sequence"),
        revised.text("hash"),
        revised.flag("erased"),
        memory == null ? null : memory(memory));
  }

  static Receipt receipt(Answer receipt) {
    return new Receipt(
        receipt.id("id"),
        receipt.ids("memories"),
        receipt.integer("revisions"),
        receipt.time("at"),
        receipt.text("session"),
        receipt.text("tool"),
        receipt.optionalText("reason"),
        receipt.ids("derived"),
        receipt.list("backups", Decoded::heldBy),
        receipt.object("document"));
  }

  private static Receipt.HeldBy heldBy(Answer backup) {
    return new Receipt.HeldBy(
        backup.text("file"), backup.optionalTime("keptUntil"), backup.optionalTime("rewritten"));
  }

  static BackupErasure backupErasure(Answer erasure) {
    return new BackupErasure(erasure.list("backups", Decoded::erasedFrom), erasure.ids("receipts"));
  }

  private static BackupErasure.Backup erasedFrom(Answer backup) {
    var error = backup.optionalObject("error");
    return new BackupErasure.Backup(
        backup.path("file"),
        backup.choice("outcome", BackupErasure.Outcome.class),
        error == null ? null : RpcLine.failure(error));
  }

  static ScopeInfo scope(Answer scope) {
    return new ScopeInfo(scope.text("scope"), scope.number("memories"));
  }

  static SessionInfo session(Answer session) {
    return new SessionInfo(
        session.text("session"),
        session.text("tool"),
        session.number("pid"),
        session.time("startedAt"),
        session.optionalTime("endedAt"));
  }

  /// An assembly that was asked for with its memory.
  static Assembly assembly(Answer assembly) {
    return new Assembly(
        memory(assembly.inner("memory")),
        assembly.text("name"),
        assembly.optionalText("description"),
        assembly.ids("members"));
  }

  static Fact fact(Answer fact) {
    return new Fact(memory(fact.inner("memory")));
  }

  static Curation curation(Answer curation) {
    return new Curation(
        curation.optionalId("run"), curation.list("steps", Decoded::step), curation.flag("more"));
  }

  private static Curation.Step step(Answer step) {
    return new Curation.Step(
        step.choice("action", Curation.Action.class),
        step.id("id"),
        step.text("scope"),
        step.text("reason"),
        step.ids("others"));
  }

  static Curation.Undone undone(Answer undone) {
    return new Curation.Undone(
        undone.optionalId("run"),
        undone.ids("restored"),
        undone.list("kept", kept -> new Curation.Kept(kept.id("id"), kept.text("why"))));
  }

  static Context context(Answer context) {
    return new Context(
        context.text("text"),
        context.list("parts", Decoded::part),
        context.number("tokens"),
        context.text("tokenizer"));
  }

  private static Context.Part part(Answer part) {
    return new Context.Part(
        part.choice("section", Context.Section.class),
        part.text("reason"),
        part.ids("memories"),
        part.number("tokens"));
  }

  static WatchEvent event(Answer event) {
    return new WatchEvent(
        event.number("position"),
        event.id("id"),
        event.text("scope"),
        event.integer("revision"),
        event.choice("change", Change.class),
        event.time("recordedAt"),
        event.optionalText("session"),
        event.optionalText("tool"));
  }

  static Assembly.Page assemblies(Answer page) {
    return new Assembly.Page(
        page.list("assemblies", Decoded::assembly), page.optionalText("cursor"));
  }

  static Assembly.Near near(Answer near) {
    return new Assembly.Near(assembly(near.inner("assembly")), near.decimal("score"));
  }

  static Assembly.Composite composite(Answer composite) {
    return new Assembly.Composite(
        composite.text("model"), composite.integer("members"), composite.vector("vector"));
  }

  static Verification verification(Answer verification) {
    return new Verification(
        verification.flag("deep"),
        verification.number("revisions"),
        verification.number("commits"),
        verification.number("memories"),
        verification.number("erased"),
        verification.list("problems", Decoded::problem),
        verification.texts("losses"));
  }

  private static Verification.Problem problem(Answer problem) {
    return new Verification.Problem(
        problem.text("where"), problem.text("what"), problem.flag("derived"));
  }

  static BackupInfo backup(Answer backup) {
    return new BackupInfo(
        backup.path("file"),
        backup.number("bytes"),
        backup.number("revisions"),
        backup.time("at"),
        backup.texts("removed").stream().map(Path::of).toList());
  }

  static Compaction compaction(Answer compaction) {
    return new Compaction(
        compaction.number("bytesBefore"),
        compaction.number("bytesAfter"),
        compaction.number("recompressed"));
  }

  static Stats stats(Answer stats) {
    var kinds = new EnumMap<Kind, Long>(Kind.class);
    counts(stats, "kinds")
        .forEach((kind, memories) -> kinds.put(Answer.choice("kinds", kind, Kind.class), memories));
    return new Stats(
        stats.number("memories"),
        stats.number("forgotten"),
        stats.number("erased"),
        stats.number("revisions"),
        stats.number("scopes"),
        stats.number("commits"),
        kinds,
        stats.number("journalBytes"),
        stats.number("walBytes"),
        stats.number("imageBytes"),
        stats.number("contentBytes"),
        stats.number("storedBytes"),
        stats.number("freeBytes"),
        counts(stats, "vectors"),
        stats.number("vectorsWaiting"),
        stats.number("vectorsRefused"));
  }

  private static Map<String, Long> counts(Answer answer, String name) {
    var counts = new LinkedHashMap<String, Long>();
    var inner = answer.inner(name);
    answer.object(name).fields().keySet().forEach(each -> counts.put(each, inner.number(each)));
    return counts;
  }

  static Status status(Answer status) {
    return new Status(
        status.number("pid"),
        status.text("version"),
        status.number("uptimeSeconds"),
        status.text("session"),
        status.path("store"),
        status.text("role"),
        status.flag("writing"));
  }

  static ImportReport importReport(Answer report) {
    return new ImportReport(
        report.number("lines"),
        report.number("revisions"),
        report.number("memories"),
        report.number("known"),
        report.number("bad"),
        report.list(
            "badLines",
            line -> new ImportReport.BadLine(line.number("line"), line.text("reason"))));
  }
}
