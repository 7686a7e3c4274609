package dev.remanence.journal;

import dev.remanence.Json;
import dev.remanence.Remanence.Progress;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// Writes a journal as JSONL, without loss, in the order of arrival: a header line, a `site` line
/// before a site's first revision, a `revision` line for each revision, its `vector` lines, and a
/// signed `head` line for each chain. Nothing in it depends on the store that writes it, so that
/// the export of an import has the same bytes.
public final class Export {
  static final int FORMAT = 1;
  private static final int BATCH = 512;

  private final SqliteJournal journal;
  private final OutputStream out;
  private final Map<Long, Reader.Chain> chains = new HashMap<>();
  private final Map<Long, String> sites = new HashMap<>();
  private final Set<Long> named = new HashSet<>();
  private long lines;

  private Export(SqliteJournal journal, OutputStream out) {
    this.journal = journal;
    this.out = out;
  }

  /// Writes everything that is durable now. Answers the number of lines.
  public static long write(SqliteJournal journal, OutputStream out, Progress progress) {
    try {
      return new Export(journal, out).write(progress);
    } catch (IOException e) {
      throw Disk.translate(e, Path.of("the export"));
    }
  }

  private long write(Progress progress) throws IOException {
    line(Json.object().put("type", "remanence").put("format", FORMAT).build());
    long end = journal.lastPosition();
    long total = end;
    long after = 0;
    while (after < end) {
      long from = after;
      var batch = journal.readConsistently(reader -> batch(reader, from, end));
      if (batch.lines.isEmpty()) {
        break;
      }
      for (var each : batch.lines) {
        line(each);
      }
      after = batch.last;
      progress.at(after, total);
    }
    for (var head : journal.read(reader -> heads(reader))) {
      line(head);
    }
    out.flush();
    return lines;
  }

  private record Batch(List<Json.Obj> lines, long last) {}

  private Batch batch(Reader reader, long after, long end) throws SQLException {
    var made = new ArrayList<Json.Obj>();
    long last = after;
    for (var entry : reader.entries(after, BATCH)) {
      if (entry.pos() > end) {
        break;
      }
      last = entry.pos();
      var chain = chain(reader, entry.chain());
      if (named.add(chain.site())) {
        made.add(site(reader, chain.site()));
      }
      made.add(RevisionJson.encode(line(reader, entry, chain)));
      vectors(reader, entry, chain, made);
    }
    return new Batch(made, last);
  }

  private RevisionJson.Line line(Reader reader, Entry entry, Reader.Chain chain)
      throws SQLException {
    return new RevisionJson.Line(
        siteName(reader, chain.site()),
        Hash.hex(chain.uid()),
        entry.seq(),
        entry.header(),
        entry.head(),
        entry.salt(),
        entry.body(),
        entry.bodyHash(),
        entry.seq() == 1 ? Hash.zero() : reader.hashAt(entry.chain(), entry.seq() - 1),
        entry.hash());
  }

  private Reader.Chain chain(Reader reader, long id) throws SQLException {
    var known = chains.get(id);
    if (known == null) {
      for (var each : reader.chains()) {
        chains.put(each.id(), each);
      }
      known = Objects.requireNonNull(chains.get(id));
    }
    return known;
  }

  private String siteName(Reader reader, long row) throws SQLException {
    var known = sites.get(row);
    if (known == null) {
      known = Hash.hex(reader.siteId(row));
      sites.put(row, known);
    }
    return known;
  }

  private Json.Obj site(Reader reader, long row) throws SQLException {
    return Json.object()
        .put("type", "site")
        .put("site", siteName(reader, row))
        .put("publicKey", Base64.getEncoder().encodeToString(reader.sitePublicKey(row)))
        .build();
  }

  private void vectors(Reader reader, Entry entry, Reader.Chain chain, List<Json.Obj> made)
      throws SQLException {
    for (var vector : VectorTable.of(reader, entry.pos())) {
      var json =
          Json.object()
              .put("type", "vector")
              .put("site", siteName(reader, chain.site()))
              .put("scope", Hash.hex(chain.uid()))
              .put("seq", entry.seq())
              .put("piece", vector.piece())
              .put("model", vector.model())
              .put("dims", vector.dims())
              .put("bytes", Base64.getEncoder().encodeToString(vector.bytes()));
      if (vector.input() != null) {
        json.put("input", Hash.hex(vector.input()));
      }
      made.add(json.build());
    }
  }

  /// What the site signs of a chain: its scope's id, number and hash.
  static byte[] headStatement(String site, String scope, long seq, byte[] hash) {
    return Json.object()
        .put("site", site)
        .put("scope", scope)
        .put("seq", seq)
        .put("hash", Hash.hex(hash))
        .build()
        .canonicalBytes();
  }

  private List<Json.Obj> heads(Reader reader) throws SQLException {
    var heads = new ArrayList<Json.Obj>();
    var ordered = new ArrayList<>(reader.chains());
    ordered.sort(Comparator.comparing(chain -> Hash.hex(chain.uid())));
    for (var chain : ordered) {
      var site = siteName(reader, chain.site());
      var scope = Hash.hex(chain.uid());
      var head = reader.signedHead(chain.id());
      if (chain.site() == journal.siteRow() && chain.seq() > 0) {
        var statement = headStatement(site, scope, chain.seq(), chain.hash());
        head = new Reader.ChainHead(chain.seq(), chain.hash(), journal.site().sign(statement));
      }
      if (head != null) {
        heads.add(
            Json.object()
                .put("type", "head")
                .put("site", site)
                .put("scope", scope)
                .put("seq", head.seq())
                .put("hash", Hash.hex(head.hash()))
                .put("signature", Base64.getEncoder().encodeToString(head.signature()))
                .build());
      }
    }
    return heads;
  }

  private void line(Json.Obj json) throws IOException {
    out.write((json + "\n").getBytes(StandardCharsets.UTF_8));
    lines++;
  }
}
