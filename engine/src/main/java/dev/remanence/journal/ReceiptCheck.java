package dev.remanence.journal;

import dev.remanence.Json;
import dev.remanence.RemanenceException;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.Verification;
import dev.remanence.Verification.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/// Checks an erasure receipt: that it was signed and not changed, that its site is one of the
/// store's, that each revision it names stands in its chain with the same hash, and that the
/// revision's content is gone.
public final class ReceiptCheck {
  private final Json.Obj receipt;
  private final List<Problem> problems = new ArrayList<>();
  private long revisions;

  private ReceiptCheck(Json.Obj receipt) {
    this.receipt = receipt;
  }

  public static Verification verify(Path directory, Path file) {
    var store = directory.toAbsolutePath().normalize();
    var check = new ReceiptCheck(read(file));
    check.signature();
    try (var inspection = Inspection.ofStore(store)) {
      check.store(inspection.reader());
    } catch (IOException e) {
      throw Disk.translate(e, store);
    } catch (SQLException e) {
      throw Sql.translate(e, store);
    }
    return new Verification(
        true, check.revisions, 0, check.uuids().size(), check.revisions, check.problems, List.of());
  }

  private static Json.Obj read(Path file) {
    try {
      if (Json.parse(Files.readAllBytes(file)) instanceof Json.Obj receipt
          && receipt.get("receipt") instanceof Json.Str) {
        return receipt;
      }
    } catch (IOException e) {
      throw Disk.translate(e, file);
    } catch (RemanenceException e) {
      throw new InvalidInput(file + " is no receipt: " + e.getMessage(), "file", file.toString());
    }
    throw new InvalidInput(file + " is no receipt", "file", file.toString());
  }

  private void problem(String where, String what) {
    problems.add(new Problem(where, what, false));
  }

  private void signature() {
    var unsigned = Json.object();
    receipt
        .fields()
        .forEach((name, value) -> {
          if (!name.equals("publicKey") && !name.equals("signature")) {
            unsigned.put(name, value);
          }
        });
    var key = bytes("publicKey");
    if (!SiteKey.verifies(key, unsigned.build().canonicalBytes(), bytes("signature"))) {
      problem("receipt", "its signature does not verify: it was changed, or signed by nobody");
    }
  }

  private byte[] bytes(String field) {
    var text = receipt.string(field);
    if (text == null) {
      throw new InvalidInput("a receipt has '" + field + "'; it is missing", "field", field);
    }
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidInput("'" + field + "' of the receipt is not base64", "field", field);
    }
  }

  private List<UUID> uuids() {
    var ids = new ArrayList<UUID>();
    if (receipt.get("memories") instanceof Json.Arr(var items)) {
      for (var each : items) {
        if (each instanceof Json.Str(var id)) {
          ids.add(UUID.fromString(id));
        }
      }
    }
    return ids;
  }

  private void store(Reader reader) throws SQLException {
    var id = reader.meta("store");
    if (id == null || !id.equals(receipt.string("store"))) {
      problem("receipt", "it is of another store");
      return;
    }
    if (!reader.knowsSite(SiteKey.idOf(bytes("publicKey")))) {
      problem("receipt", "its signer is no site of this store");
    }
    for (var memory : uuids()) {
      var state = reader.state(memory);
      if (state == null || !state.erased()) {
        problem("memory " + memory, "it is not erased");
      }
    }
    if (receipt.get("revisions") instanceof Json.Arr(var items)) {
      for (var each : items) {
        if (each instanceof Json.Obj revision) {
          revision(reader, revision);
        }
      }
    }
  }

  private void revision(Reader reader, Json.Obj named) throws SQLException {
    revisions++;
    var where = "revision " + named.string("hash");
    try {
      var site = HexFormat.of().parseHex(String.valueOf(named.string("site")));
      var scope = HexFormat.of().parseHex(String.valueOf(named.string("scope")));
      var hash = HexFormat.of().parseHex(String.valueOf(named.string("hash")));
      var sequence = named.number("sequence");
      var chain = reader.chain(site, scope);
      long pos =
          chain == null || sequence == null
              ? 0
              : reader.positionOf(chain.id(), sequence.longValue());
      if (pos == 0) {
        problem(where, "it is not in its chain");
        return;
      }
      var entry = reader.entry(pos);
      if (!Arrays.equals(entry.hash(), hash)) {
        problem(where, "another revision stands at its number");
      }
      if (!entry.erased()) {
        problem(where, "its content is still there");
      }
      if (!Hash.hex(entry.bodyDigest()).equals(named.string("bodyHash"))) {
        problem(where, "the hash of its content is another one");
      }
    } catch (IllegalArgumentException e) {
      problem(where, "the receipt names it wrongly");
    }
  }
}
