package dev.remanence.journal;

import dev.remanence.Json;
import dev.remanence.RemanenceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A statement, signed by the site, that the commit chain stood at this head: a line of
/// `heads.jsonl`, or an anchor that a user keeps elsewhere.
record SignedHead(
    String store,
    long commit,
    byte[] hash,
    long revisions,
    Instant time,
    byte[] publicKey,
    byte[] signature) {

  /// Lines kept in `heads.jsonl`; older ones prove nothing that newer ones do not.
  private static final int LINES_MAX = 512;

  static Path path(Path directory) {
    return directory.resolve("heads.jsonl");
  }

  static SignedHead sign(
      SiteKey key, String store, long commit, byte[] hash, long revisions, Instant time) {
    var unsigned =
        new SignedHead(store, commit, hash, revisions, time, key.publicKey(), new byte[0]);
    return new SignedHead(
        store, commit, hash, revisions, time, key.publicKey(), key.sign(unsigned.statement()));
  }

  private byte[] statement() {
    return fields().build().canonicalBytes();
  }

  private Json.Fields fields() {
    return Json.object()
        .put("store", Json.of(store))
        .put("commit", Json.of(commit))
        .put("hash", Json.of(Hash.hex(hash)))
        .put("revisions", Json.of(revisions))
        .put("time", Json.of(time.toString()))
        .put("site", Json.of(Hash.hex(SiteKey.idOf(publicKey))))
        .put("publicKey", Json.of(Base64.getEncoder().encodeToString(publicKey)));
  }

  Json.Obj toJson() {
    return fields()
        .put("signature", Json.of(Base64.getEncoder().encodeToString(signature)))
        .build();
  }

  boolean isGenuine() {
    return SiteKey.verifies(publicKey, statement(), signature);
  }

  /// Reads a line, or null for a line that is no signed head.
  static @Nullable SignedHead parse(String line) {
    try {
      if (Json.parse(line) instanceof Json.Obj json
          && json.get("store") instanceof Json.Str(var store)
          && json.get("commit") instanceof Json.Num(var commit)
          && json.get("hash") instanceof Json.Str(var hash)
          && json.get("revisions") instanceof Json.Num(var revisions)
          && json.get("time") instanceof Json.Str(var time)
          && json.get("publicKey") instanceof Json.Str(var publicKey)
          && json.get("signature") instanceof Json.Str(var signature)) {
        return new SignedHead(
            store,
            (long) commit,
            HexFormat.of().parseHex(hash),
            (long) revisions,
            Instant.parse(time),
            Base64.getDecoder().decode(publicKey),
            Base64.getDecoder().decode(signature));
      }
      return null;
    } catch (RemanenceException | IllegalArgumentException | DateTimeParseException e) {
      return null;
    }
  }

  /// All lines of a store's `heads.jsonl`, oldest first; null stands for a line that is damaged. A
  /// last line without an end is a torn append and is left out.
  static List<@Nullable SignedHead> readAll(Path directory) throws IOException {
    var file = path(directory);
    if (Files.notExists(file)) {
      return List.of();
    }
    var text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    var heads = new ArrayList<@Nullable SignedHead>();
    int start = 0;
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      heads.add(parse(text.substring(start, end)));
      start = end + 1;
    }
    return heads;
  }

  /// Adds this head to the store's file, synced; drops the oldest lines when there are many.
  void append(Path directory) throws IOException {
    var file = path(directory);
    var line = toJson().toString();
    if (Files.exists(file)) {
      var lines = new String(Disk.wholeLines(file), StandardCharsets.UTF_8).lines().toList();
      if (lines.size() >= LINES_MAX) {
        var kept = lines.subList(lines.size() - LINES_MAX / 2, lines.size());
        var text = new StringBuilder();
        kept.forEach(each -> text.append(each).append('\n'));
        text.append(line).append('\n');
        Disk.replace(file, text.toString().getBytes(StandardCharsets.UTF_8));
        return;
      }
    }
    Disk.appendLine(file, line);
  }
}
