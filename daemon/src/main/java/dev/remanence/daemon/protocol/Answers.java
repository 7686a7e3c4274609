package dev.remanence.daemon.protocol;

import dev.remanence.AsOf;
import dev.remanence.Assembly;
import dev.remanence.BackupErasure;
import dev.remanence.BackupInfo;
import dev.remanence.Compaction;
import dev.remanence.ConflictRecord;
import dev.remanence.Conflicts;
import dev.remanence.Context;
import dev.remanence.Curation;
import dev.remanence.Fact;
import dev.remanence.Facts;
import dev.remanence.Hit;
import dev.remanence.ImportReport;
import dev.remanence.Json;
import dev.remanence.Link;
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
import dev.remanence.StoreCare.Finding;
import dev.remanence.StoreCare.RepairReport;
import dev.remanence.StoreCare.RestoreReport;
import dev.remanence.Turns;
import dev.remanence.Verification;
import dev.remanence.Written;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The shapes of answers: how the engine's records look in JSON. A field whose value is null is
/// left out.
final class Answers {
  private Answers() {}

  static Json.Obj memory(Memory memory) {
    return new Shape()
        .put("id", memory.id())
        .put("scope", memory.scope())
        .put("kind", memory.kind().word())
        .put("key", memory.key())
        .put("text", memory.text())
        .put("content", memory.content())
        .put("speaker", memory.speaker())
        .texts("tags", memory.tags())
        .put("metadata", memory.metadata())
        .put("importance", memory.importance())
        .put("pinned", memory.pinned())
        .list("links", memory.links(), Answers::link)
        .put("at", memory.at())
        .put("until", memory.until())
        .put("revision", memory.revision())
        .put("branch", memory.branch().equals(AsOf.MAIN) ? null : memory.branch())
        .put("createdAt", memory.createdAt())
        .put("updatedAt", memory.updatedAt())
        .put("count", memory.count())
        .put("uses", memory.uses())
        .put("strength", memory.strength())
        .put("provenance", provenance(memory.provenance()))
        .put("expires", memory.expires())
        .put("durable", memory.durable())
        .put("hash", memory.hash())
        .build();
  }

  static Json.Obj assemblies(Assembly.Page page, boolean withMemory) {
    return new Shape()
        .list("assemblies", page.assemblies(), assembly -> assembly(assembly, withMemory).build())
        .put("cursor", page.cursor())
        .build();
  }

  static Json.Obj facts(Facts.Page page, boolean withMemory) {
    return new Shape()
        .list("facts", page.facts(), fact -> fact(fact, withMemory))
        .put("after", page.after())
        .build();
  }

  static Json.Obj conflicts(Conflicts.Page page) {
    return new Shape()
        .list("conflicts", page.conflicts(), Answers::conflict)
        .put("after", page.after())
        .build();
  }

  static Json.Obj conflict(ConflictRecord conflict) {
    return new Shape()
        .put("id", conflict.id())
        .put("scope", conflict.scope())
        .put("older", conflict.older())
        .put("newer", conflict.newer())
        .put("relation", conflict.relation().word())
        .put("reason", conflict.reason().word())
        .put("score", conflict.score())
        .put("status", conflict.status().word())
        .put("resolution", conflict.resolution())
        .put("at", conflict.at())
        .put("revision", conflict.revision())
        .build();
  }

  static Json.Obj turns(Turns.Page page) {
    return new Shape()
        .list("turns", page.turns(), Answers::memory)
        .put("before", page.before())
        .build();
  }

  static Json.Obj curation(Curation curation) {
    return new Shape()
        .put("run", curation.run())
        .list("steps", curation.steps(), Answers::step)
        .put("more", curation.more())
        .build();
  }

  private static Json.Obj step(Curation.Step step) {
    return new Shape()
        .put("action", step.action().word())
        .put("id", step.memory())
        .put("scope", step.scope())
        .put("reason", step.reason())
        .ids("others", step.others())
        .build();
  }

  static Json.Obj undone(Curation.Undone undone) {
    return new Shape()
        .put("run", undone.run())
        .ids("restored", undone.restored())
        .list("kept", undone.kept(), Answers::kept)
        .build();
  }

  private static Json.Obj kept(Curation.Kept kept) {
    return new Shape().put("id", kept.memory()).put("why", kept.why()).build();
  }

  static Json.Obj context(Context context) {
    return new Shape()
        .put("text", context.text())
        .list("parts", context.parts(), Answers::part)
        .put("tokens", context.tokens())
        .put("tokenizer", context.tokenizer())
        .build();
  }

  private static Json.Obj part(Context.Part part) {
    return new Shape()
        .put("section", part.section().word())
        .put("reason", part.reason())
        .ids("memories", part.memories())
        .put("tokens", part.tokens())
        .build();
  }

  /// @param withMemory whether the memory is wanted whole, with what a fact does not show
  static Json.Obj fact(Fact fact, boolean withMemory) {
    var memory = fact.memory();
    return new Shape()
        .put("key", fact.key())
        .put("value", fact.value())
        .put("many", fact.isMany())
        .put("scope", memory.scope())
        .put("id", memory.id())
        .put("at", memory.at())
        .put("until", memory.until())
        .put("revision", memory.revision())
        .put("updatedAt", memory.updatedAt())
        .put("pinned", memory.pinned())
        .put("confidence", memory.provenance().confidence())
        .put("memory", withMemory ? memory(memory) : null)
        .build();
  }

  static Json.Obj near(List<Assembly.Near> near, boolean withMemory) {
    return new Shape().list("hits", near, each -> near(each, withMemory)).build();
  }

  private static Json.Obj near(Assembly.Near near, boolean withMemory) {
    return new Shape()
        .put("assembly", assembly(near.assembly(), withMemory).build())
        .put("score", near.score())
        .build();
  }

  /// @param withMemory whether the memory is wanted whole, with what an assembly does not show
  static Shape assembly(Assembly assembly, boolean withMemory) {
    var memory = assembly.memory();
    return new Shape()
        .put("id", memory.id())
        .put("scope", memory.scope())
        .put("name", assembly.name())
        .put("description", assembly.description())
        .ids("members", assembly.members())
        .texts("tags", memory.tags())
        .put("metadata", memory.metadata())
        .put("importance", memory.importance())
        .put("pinned", memory.pinned())
        .put("revision", memory.revision())
        .put("createdAt", memory.createdAt())
        .put("updatedAt", memory.updatedAt())
        .put("uses", memory.uses())
        .put("strength", memory.strength())
        .put("memory", withMemory ? memory(memory) : null);
  }

  static Json.Obj composite(Assembly.Composite composite) {
    var numbers = new ArrayList<Json>(composite.vector().length);
    for (float number : composite.vector()) {
      numbers.add(Json.of((double) number));
    }
    return new Shape()
        .put("model", composite.model())
        .put("members", composite.members())
        .put("vector", Json.array(numbers))
        .build();
  }

  private static Json.Obj link(Link link) {
    return new Shape().put("type", link.type()).put("to", link.to()).build();
  }

  private static Json.Obj provenance(Provenance provenance) {
    return new Shape()
        .put("session", provenance.session())
        .put("tool", provenance.tool())
        .put("source", provenance.source())
        .put("sourceTime", provenance.sourceTime())
        .put("method", provenance.method())
        .put("confidence", provenance.confidence())
        .put("lastConfirmed", provenance.lastConfirmed())
        .put("parent", provenance.parent())
        .build();
  }

  static Json.Obj remembered(Remembered remembered) {
    return new Shape()
        .put("id", remembered.id())
        .put("revision", remembered.revision())
        .put("outcome", remembered.outcome().word())
        .ids("nearDuplicates", remembered.nearDuplicates())
        .ids("conflicts", remembered.conflicts())
        .put("durable", remembered.durable())
        .build();
  }

  static Json.Obj results(List<Remembered> results) {
    return new Shape().list("results", results, Answers::remembered).build();
  }

  static Json.Obj written(Written written) {
    return new Shape().put("id", written.id()).put("revision", written.revision()).build();
  }

  static Json.Obj page(Page page) {
    return new Shape()
        .list("memories", page.memories(), Answers::memory)
        .put("cursor", page.cursor())
        .build();
  }

  static Json.Obj hits(List<Hit> hits) {
    return new Shape().list("hits", hits, Answers::hit).build();
  }

  static Json.Obj recall(Recall recall) {
    return new Shape()
        .list("hits", recall.hits(), Answers::hit)
        .put("truncated", recall.truncated())
        .put("cursor", recall.cursor())
        .put("legs", recall.legs())
        .build();
  }

  private static Json.Obj hit(Hit hit) {
    return new Shape()
        .put("memory", memory(hit.memory()))
        .put("score", hit.score())
        .put("why", hit.why())
        .listUnlessEmpty("before", hit.before(), Answers::memory)
        .listUnlessEmpty("after", hit.after(), Answers::memory)
        .build();
  }

  /// The receipt's parts as they are, and the signed document to keep.
  static Json.Obj receipt(Receipt receipt) {
    return new Shape()
        .put("id", receipt.id())
        .ids("memories", receipt.memories())
        .put("revisions", receipt.revisions())
        .put("at", receipt.at())
        .put("session", receipt.session())
        .put("tool", receipt.tool())
        .put("reason", receipt.reason())
        .ids("derived", receipt.derived())
        .list("backups", receipt.backups(), Answers::heldBy)
        .put("document", receipt.document())
        .build();
  }

  private static Json.Obj heldBy(Receipt.HeldBy backup) {
    return new Shape()
        .put("file", backup.file())
        .put("keptUntil", backup.keptUntil())
        .put("rewritten", backup.rewritten())
        .build();
  }

  static Json.Obj backupErasure(BackupErasure erasure) {
    return new Shape()
        .list("backups", erasure.backups(), Answers::erasedFrom)
        .ids("receipts", erasure.receipts())
        .build();
  }

  private static Json.Obj erasedFrom(BackupErasure.Backup backup) {
    var failure = backup.failure();
    return new Shape()
        .put("file", backup.file())
        .put("outcome", backup.outcome().name().toLowerCase(Locale.ROOT))
        .put("error", failure == null ? null : RpcLine.error(failure))
        .build();
  }

  static Json.Obj history(List<Revised> revisions, @Nullable String cursor) {
    return new Shape().list("revisions", revisions, Answers::revised).put("cursor", cursor).build();
  }

  private static Json.Obj revised(Revised revised) {
    var memory = revised.memory();
    return new Shape()
        .put("id", revised.id())
        .put("revision", revised.revision())
        .put("change", revised.change().word())
        .put("branch", revised.branch())
        .list("parents", revised.parents(), parent -> Json.of(parent.longValue()))
        .put("recordedAt", revised.recordedAt())
        .put("session", revised.session())
        .put("tool", revised.tool())
        .put("message", revised.message())
        .put("site", revised.site())
        .put("sequence", revised.sequence())
        .put("hash", revised.hash())
        .put("erased", revised.erased())
        .put("memory", memory == null ? null : memory(memory))
        .build();
  }

  static Json.Obj scopes(List<ScopeInfo> scopes) {
    return new Shape().list("scopes", scopes, Answers::scope).build();
  }

  private static Json.Obj scope(ScopeInfo scope) {
    return new Shape().put("scope", scope.scope()).put("memories", scope.memories()).build();
  }

  static Json.Obj sessions(List<SessionInfo> sessions) {
    return new Shape().list("sessions", sessions, Answers::session).build();
  }

  private static Json.Obj session(SessionInfo session) {
    return new Shape()
        .put("session", session.session())
        .put("tool", session.tool())
        .put("pid", session.pid())
        .put("startedAt", session.startedAt())
        .put("endedAt", session.endedAt())
        .build();
  }

  static Json.Obj verification(Verification verification) {
    return new Shape()
        .put("sound", verification.sound())
        .put("deep", verification.deep())
        .put("revisions", verification.revisions())
        .put("commits", verification.commits())
        .put("memories", verification.memories())
        .put("erased", verification.erased())
        .list("problems", verification.problems(), Answers::problem)
        .texts("losses", verification.losses())
        .build();
  }

  private static Json.Obj problem(Verification.Problem problem) {
    return new Shape()
        .put("where", problem.where())
        .put("what", problem.what())
        .put("derived", problem.derived())
        .build();
  }

  static Json.Obj repair(RepairReport report) {
    return new Shape()
        .put("salvaged", report.salvaged())
        .put("revisions", report.revisions())
        .texts("lost", report.lost())
        .put("kept", report.kept())
        .build();
  }

  static Json.Obj backup(BackupInfo backup) {
    return new Shape()
        .put("file", backup.file())
        .put("bytes", backup.bytes())
        .put("revisions", backup.revisions())
        .put("at", backup.at())
        .list("removed", backup.removed(), file -> Json.of(file.toString()))
        .build();
  }

  static Json.Obj restore(RestoreReport report) {
    return new Shape()
        .put("store", report.store())
        .put("revisions", report.revisions())
        .put("until", report.until())
        .put("erasedAgain", report.erasedAgain())
        .build();
  }

  static Json.Obj findings(List<Finding> findings) {
    return new Shape().list("findings", findings, Answers::finding).build();
  }

  private static Json.Obj finding(Finding finding) {
    return new Shape()
        .put("severity", finding.severity().name().toLowerCase(Locale.ROOT))
        .put("what", finding.what())
        .put("advice", finding.advice())
        .build();
  }

  static Json.Obj compaction(Compaction compaction) {
    return new Shape()
        .put("bytesBefore", compaction.bytesBefore())
        .put("bytesAfter", compaction.bytesAfter())
        .put("bytesWon", compaction.bytesWon())
        .put("recompressed", compaction.recompressed())
        .build();
  }

  static Json.Obj stats(Stats stats) {
    var kinds = new Shape();
    stats.kinds().forEach((kind, memories) -> kinds.put(kind.word(), memories));
    var vectors = new Shape();
    stats.vectors().forEach(vectors::put);
    return new Shape()
        .put("memories", stats.memories())
        .put("forgotten", stats.forgotten())
        .put("erased", stats.erased())
        .put("revisions", stats.revisions())
        .put("scopes", stats.scopes())
        .put("commits", stats.commits())
        .put("kinds", kinds.build())
        .put("journalBytes", stats.journalBytes())
        .put("walBytes", stats.walBytes())
        .put("imageBytes", stats.imageBytes())
        .put("contentBytes", stats.contentBytes())
        .put("storedBytes", stats.storedBytes())
        .put("freeBytes", stats.freeBytes())
        .put("vectors", vectors.build())
        .put("vectorsWaiting", stats.vectorsWaiting())
        .put("vectorsRefused", stats.vectorsRefused())
        .build();
  }

  static Json.Obj status(Status status) {
    return new Shape()
        .put("pid", status.pid())
        .put("version", status.version())
        .put("uptimeSeconds", status.uptimeSeconds())
        .put("session", status.session())
        .put("store", status.store())
        .put("role", status.role())
        .put("writing", status.writing())
        .build();
  }

  static Json.Obj importReport(ImportReport report, long embedded) {
    return new Shape()
        .put("lines", report.lines())
        .put("revisions", report.revisions())
        .put("memories", report.memories())
        .put("known", report.known())
        .put("bad", report.bad())
        .list("badLines", report.badLines(), Answers::badLine)
        .put("embedded", embedded)
        .build();
  }

  private static Json.Obj badLine(ImportReport.BadLine line) {
    return new Shape().put("line", line.line()).put("reason", line.reason()).build();
  }
}
