package dev.remanence;

import dev.remanence.RemanenceException.NotFound;
import dev.remanence.image.Images;
import dev.remanence.journal.Body;
import dev.remanence.journal.Disk;
import dev.remanence.journal.Entry;
import dev.remanence.journal.Hash;
import dev.remanence.journal.Ledger;
import dev.remanence.journal.Reader;
import dev.remanence.journal.SideTable;
import dev.remanence.journal.SqliteJournal;
import dev.remanence.life.Changes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An erasure, from the decision to the receipt.
///
/// 1. In one transaction: ERASE revisions, bodies and salts gone, keys and contents freed, the
///    receipt written and marked as pending.
/// 2. The dictionary is cleansed, the WAL emptied, snapshots of images are removed.
/// 3. Known backup directories learn what must not come back; the receipt is written as a file; the
///    mark is taken away.
///
/// A crash after 1 is finished by [#finishPending] at the next open.
final class Erasing {
  private static final int SCAN_BATCH = 512;

  // What the column `pending` says.
  private static final long COMPLETE = 0;
  private static final long PENDING = 1;

  /// The field of a backup in a receipt that says since when it holds nothing of the content.
  static final String REWRITTEN = "rewritten";

  private final SqliteJournal journal;
  private final Images images;
  private final Body.Cause cause;
  private final Instant now;
  private final @Nullable String reason;

  Erasing(
      SqliteJournal journal,
      Images images,
      Body.Cause cause,
      Instant now,
      @Nullable String reason) {
    this.journal = journal;
    this.images = images;
    this.cause = cause;
    this.now = now;
    this.reason = reason;
  }

  /// What the transaction removed.
  private record Removed(List<UUID> memories, List<byte[]> bodies, Json.Obj receipt) {}

  Receipt memory(UUID id, long scope) {
    var derived = derivedFrom(Set.of(id));
    return finish(
        journal.write(
            4096,
            ledger -> {
              var entries = new Changes(ledger, cause).erase(id, reason);
              return record(ledger, List.of(id), entries, derived);
            }),
        List.of(scope));
  }

  Receipt scopes(List<Reader.ScopeName> scopes) {
    Set<UUID> ids = new HashSet<>();
    for (var scope : scopes) {
      ids.addAll(journal.read(reader -> reader.memoriesOf(scope.id())));
    }
    var derived = derivedFrom(ids);
    return finish(
        journal.write(
            4 << 20,
            ledger -> {
              var entries = new ArrayList<Entry>();
              var erased = new ArrayList<UUID>();
              for (var scope : scopes) {
                for (var id : ledger.reader().memoriesOf(scope.id())) {
                  var state = ledger.reader().state(id);
                  if (state != null && !state.erased()) {
                    entries.addAll(new Changes(ledger, cause).erase(id, reason));
                    erased.add(id);
                  }
                }
                entries.addAll(ledger.eraseScopeName(scope.id(), scope.path()));
              }
              return record(ledger, erased, entries, derived);
            }),
        scopes.stream().map(Reader.ScopeName::id).toList());
  }

  /// Current memories that say they come from erased ones.
  private List<UUID> derivedFrom(Set<UUID> erased) {
    var derived = new HashSet<UUID>();
    long last = journal.lastPosition();
    long after = 0;
    while (after < last) {
      long from = after;
      var entries = journal.read(reader -> reader.entries(from, SCAN_BATCH));
      if (entries.isEmpty()) {
        break;
      }
      for (var entry : entries) {
        var body = entry.decoded();
        if (body != null
            && body.attributes() != null
            && !erased.contains(entry.header().memory())
            && comesFrom(body.attributes(), erased)) {
          derived.add(entry.header().memory());
        }
      }
      after = entries.getLast().pos();
    }
    return List.copyOf(derived);
  }

  private static boolean comesFrom(Body.Attributes attributes, Set<UUID> erased) {
    var parent = attributes.provenance().parent();
    return (parent != null && erased.contains(parent))
        || attributes.links().stream()
            .anyMatch(link -> link.type().equals("derived-from") && erased.contains(link.to()));
  }

  private Removed record(
      Ledger ledger, List<UUID> memories, List<Entry> entries, List<UUID> derived)
      throws SQLException {
    var id = dev.remanence.life.Uuid7.next(ledger.nowMillis(), ledger.random());
    var document = document(ledger, id, memories, entries, derived);
    var receipt = sign(journal, document);
    SideTable.ERASURE.put(ledger, Hash.bytes(id), now.toEpochMilli(), PENDING, receipt.toString());
    for (var memory : memories) {
      SideTable.USES.delete(ledger, Hash.bytes(memory));
    }
    return new Removed(
        memories,
        entries.stream().map(entry -> Objects.requireNonNull(entry.body())).toList(),
        receipt);
  }

  /// Whether all of what the receipt in a row of the erasures says is done.
  static boolean isComplete(SideTable.Cells row) {
    return row.number(2) == COMPLETE;
  }

  /// A receipt in this site's name, in place of whoever signed it before.
  static Json.Obj sign(SqliteJournal journal, Json.Obj document) {
    var signed = new LinkedHashMap<>(document.fields());
    signed.keySet().removeAll(List.of("publicKey", "signature"));
    var signature = journal.sign(new Json.Obj(signed).canonicalBytes());
    signed.put("publicKey", Json.of(signature.get(0)));
    signed.put("signature", Json.of(signature.get(1)));
    return new Json.Obj(signed);
  }

  /// Writes the file of a receipt, in place of the one before.
  static void writeFile(SqliteJournal journal, UUID id, Json.Obj document) {
    journal.writeBeside(
        journal.directory().resolve("receipts").resolve(id + ".json"),
        (document.pretty() + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private Json.Obj document(
      Ledger ledger, UUID id, List<UUID> memories, List<Entry> entries, List<UUID> derived)
      throws SQLException {
    var revisions = new ArrayList<Json>();
    for (var entry : entries) {
      revisions.add(
          Json.object()
              .put("memory", entry.header().memory().toString())
              .put("revision", entry.header().number())
              .put("site", ledger.reader().siteOf(entry))
              .put("scope", ledger.reader().scopeIdOf(entry))
              .put("sequence", entry.seq())
              .put("bodyHash", Hash.hex(entry.bodyDigest()))
              .put("hash", Hash.hex(entry.hash()))
              .build());
    }
    var backups = new ArrayList<Json>();
    for (var backup : SideTable.BACKUP.rows(ledger.reader(), "at")) {
      var keptUntil = backup.isNull(2) ? null : Instant.ofEpochMilli(backup.number(2));
      if (keptUntil == null || keptUntil.isAfter(now)) {
        var held = Json.object().put("file", backup.text(0));
        if (keptUntil != null) {
          held.put("keptUntil", keptUntil.toString());
        }
        backups.add(held.build());
      }
    }
    var json =
        Json.object()
            .put("receipt", id.toString())
            .put("store", journal.storeId())
            .put("at", now.toString())
            .put("session", Objects.requireNonNull(cause.session()))
            .put("tool", Objects.requireNonNull(cause.tool()));
    if (reason != null) {
      json.put("reason", reason);
    }
    return json.put("memories", ids(memories))
        .put("revisions", Json.array(revisions))
        .put("derived", ids(derived))
        .put("backups", Json.array(backups))
        .build();
  }

  private static Json.Arr ids(List<UUID> ids) {
    return Json.array(ids.stream().map(id -> Json.of(id.toString())).toList());
  }

  private Receipt finish(Removed removed, List<Long> scopes) {
    journal.purge(removed.bodies);
    scopes.forEach(images::erased);
    var receipt = read(removed.receipt);
    complete(journal, receipt);
    return receipt;
  }

  /// Does what comes after the bytes are gone. Doing it twice is harmless.
  private static void complete(SqliteJournal journal, Receipt receipt) {
    tellBackups(journal, receipt);
    writeFile(journal, receipt.id(), receipt.document());
    journal.write(
        64,
        ledger -> {
          var key = Hash.bytes(receipt.id());
          var row = SideTable.ERASURE.get(ledger.reader(), key);
          if (row != null) {
            SideTable.ERASURE.put(ledger, key, row.number(1), COMPLETE, row.text(3));
          }
          return receipt;
        });
  }

  /// Leaves word beside each known backup, so that a restore erases again. A directory that is away
  /// is named in the receipt; nothing more can be done about it here.
  private static void tellBackups(SqliteJournal journal, Receipt receipt) {
    Set<Path> directories = new HashSet<>();
    for (var backup : journal.read(reader -> SideTable.BACKUP.rows(reader, "at"))) {
      directories.add(Objects.requireNonNull(Path.of(backup.text(0)).getParent()));
    }
    for (var directory : directories) {
      if (Files.isDirectory(directory)) {
        try {
          Disk.appendLine(directory.resolve(Erased.WORD), receipt.document().toString());
        } catch (IOException e) {
          throw Disk.translate(e, directory);
        }
      }
    }
  }

  /// Finishes erasures that a crash cut short. What they removed from the tables is gone; what
  /// SQLite's files and the dictionaries may still hold is removed now.
  static void finishPending(SqliteJournal journal) {
    var pending =
        journal.read(reader -> SideTable.ERASURE.rows(reader, "at")).stream()
            .filter(row -> !isComplete(row))
            .map(row -> row.text(3))
            .toList();
    if (pending.isEmpty()) {
      return;
    }
    journal.replaceDictionaries();
    Images.removeSnapshots(journal);
    for (var document : pending) {
      if (Json.parse(document) instanceof Json.Obj json) {
        complete(journal, read(json));
      }
    }
  }

  /// Reads a receipt's document.
  static Receipt read(Json.Obj json) {
    var revisions = json.array("revisions");
    var backups = new ArrayList<Receipt.HeldBy>();
    for (var each : items(json, "backups")) {
      if (each instanceof Json.Obj held && held.get("file") instanceof Json.Str(var file)) {
        backups.add(new Receipt.HeldBy(file, moment(held, "keptUntil"), moment(held, REWRITTEN)));
      }
    }
    return new Receipt(
        UUID.fromString(required(json, "receipt")),
        uuids(json, "memories"),
        revisions == null ? 0 : revisions.items().size(),
        Instant.parse(required(json, "at")),
        required(json, "session"),
        required(json, "tool"),
        json.string("reason"),
        uuids(json, "derived"),
        backups,
        json);
  }

  private static @Nullable Instant moment(Json.Obj json, String name) {
    var text = json.string(name);
    return text == null ? null : Instant.parse(text);
  }

  static List<Json> items(Json.Obj json, String name) {
    var array = json.array(name);
    return array == null ? List.of() : array.items();
  }

  static List<UUID> uuids(Json.Obj json, String name) {
    var ids = new ArrayList<UUID>();
    for (var each : items(json, name)) {
      if (each instanceof Json.Str(var text)) {
        ids.add(UUID.fromString(text));
      }
    }
    return ids;
  }

  private static String required(Json.Obj json, String name) {
    var text = json.string(name);
    if (text == null) {
      throw new RemanenceException.InvalidInput("a receipt has '" + name + "'; it is missing");
    }
    return text;
  }

  static NotFound noScope(String path) {
    return new NotFound("there is no scope " + path, "scope", path);
  }
}
