package dev.remanence;

import dev.remanence.journal.Entry;
import dev.remanence.journal.Hash;
import dev.remanence.journal.Header;
import dev.remanence.journal.HybridClock;
import dev.remanence.journal.Reader;
import dev.remanence.journal.Value;
import dev.remanence.life.Strength;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Makes the [Memory] that users see from what the journal holds.
final class Memories {
  private final Uses uses;

  Memories(Uses uses) {
    this.uses = uses;
  }

  /// The memory as one of its revisions has it.
  ///
  /// @param created recorded time of its first revision
  Memory of(Reader reader, String scope, Entry entry, long created, long nowMillis)
      throws SQLException {
    return of(scope, entry, reader.shown(entry), created, nowMillis);
  }

  private Memory of(String scope, Entry entry, Value value, long created, long nowMillis) {
    var header = entry.header();
    var content = value.content();
    var attributes = value.attributes();
    var id = header.memory();
    long updated = HybridClock.millis(header.recorded());
    long used = uses.of(id);
    return new Memory(
        id,
        scope,
        attributes.kind(),
        attributes.key(),
        content.text(),
        content.json(),
        content.speaker(),
        attributes.tags(),
        attributes.metadata(),
        attributes.importance(),
        attributes.pinned(),
        attributes.links(),
        Instant.ofEpochMilli(header.from()),
        optional(header.until()),
        header.number(),
        header.branch() == Header.MAIN ? AsOf.MAIN : entry.branchName(),
        Instant.ofEpochMilli(HybridClock.millis(created)),
        Instant.ofEpochMilli(updated),
        attributes.count(),
        used,
        Strength.of(
            attributes.kind(),
            attributes.importance(),
            updated,
            nowMillis,
            used,
            attributes.count()),
        attributes.provenance(),
        optional(attributes.expires()),
        true,
        Hash.hex(content.identity()));
  }

  /// The same memory with its uses and its strength as they are now.
  Memory refreshed(Memory memory, long nowMillis) {
    long used = uses.of(memory.id());
    return new Memory(
        memory.id(),
        memory.scope(),
        memory.kind(),
        memory.key(),
        memory.text(),
        memory.content(),
        memory.speaker(),
        memory.tags(),
        memory.metadata(),
        memory.importance(),
        memory.pinned(),
        memory.links(),
        memory.at(),
        memory.until(),
        memory.revision(),
        memory.branch(),
        memory.createdAt(),
        memory.updatedAt(),
        memory.count(),
        used,
        Strength.of(
            memory.kind(),
            memory.importance(),
            memory.updatedAt().toEpochMilli(),
            nowMillis,
            used,
            memory.count()),
        memory.provenance(),
        memory.expires(),
        memory.durable(),
        memory.hash());
  }

  private static @Nullable Instant optional(long millis) {
    return millis == Header.OPEN ? null : Instant.ofEpochMilli(millis);
  }

  /// The lines of a memory that a diff compares: the fields that are not empty, then the content.
  static String lines(Memory memory) {
    var out = new StringBuilder();
    line(out, "kind", memory.kind().word());
    line(out, "key", memory.key());
    line(out, "speaker", memory.speaker());
    memory.tags().forEach(tag -> line(out, "tag", tag));
    memory
        .metadata()
        .fields()
        .forEach((name, value) -> line(out, "metadata", name + " = " + value.canonical()));
    line(out, "importance", Json.of(memory.importance()).canonical());
    line(out, "pinned", memory.pinned() ? "true" : null);
    memory.links().forEach(link -> line(out, "link", link.type() + " " + link.to()));
    line(out, "at", memory.at().toString());
    line(out, "until", memory.until() == null ? null : memory.until().toString());
    line(out, "expires", memory.expires() == null ? null : memory.expires().toString());
    out.append('\n');
    out.append(memory.content() == null ? memory.body() : memory.content().pretty());
    if (out.charAt(out.length() - 1) != '\n') {
      out.append('\n');
    }
    return out.toString();
  }

  private static void line(StringBuilder out, String name, @Nullable String value) {
    if (value != null) {
      out.append(name).append(": ").append(value).append('\n');
    }
  }
}
