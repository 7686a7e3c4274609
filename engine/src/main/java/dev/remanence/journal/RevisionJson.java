package dev.remanence.journal;

import dev.remanence.Change;
import dev.remanence.Json;
import dev.remanence.Kind;
import dev.remanence.Link;
import dev.remanence.RemanenceException.InvalidInput;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A revision as a line of JSON, without loss: the header's fields, the salt, the decoded body, and
/// the hashes that tie it to its chain. A body that this version would encode differently (it holds
/// fields of a later one) is carried as bytes.
final class RevisionJson {
  private RevisionJson() {}

  /// A revision with what it needs outside its store.
  ///
  /// @param previous the hash before it in its chain; null where that revision was lost
  record Line(
      String site,
      String scope,
      long seq,
      Header header,
      byte[] head,
      byte @Nullable [] salt,
      byte @Nullable [] body,
      byte @Nullable [] bodyHash,
      byte @Nullable [] previous,
      byte[] hash) {

    /// Whether the hash is the one of these bytes after the previous one.
    boolean isGenuine() {
      return previous != null
          && Arrays.equals(
              hash,
              Hash.revision(
                  previous,
                  HexFormat.of().parseHex(site),
                  HexFormat.of().parseHex(scope),
                  seq,
                  head,
                  bodyDigest()));
    }

    byte[] bodyDigest() {
      if (bodyHash != null) {
        return bodyHash;
      }
      return Hash.body(Objects.requireNonNull(salt), Objects.requireNonNull(body));
    }
  }

  static Json.Obj encode(Line line) {
    var header = line.header;
    var json =
        Json.object()
            .put("type", "revision")
            .put("site", line.site)
            .put("scope", line.scope)
            .put("seq", line.seq)
            .put("change", header.change().word())
            .put("memory", header.memory().toString())
            .put("number", header.number())
            .put("recordedAt", time(HybridClock.millis(header.recorded())))
            .put("counter", header.recorded() & 0xFFFF)
            .put("at", time(header.from()));
    if (header.until() != Header.OPEN) {
      json.put("until", time(header.until()));
    }
    if (header.branch() != Header.MAIN) {
      json.put("branch", HexFormat.of().toHexDigits(header.branch()));
    }
    if (!header.parents().isEmpty()) {
      json.put(
          "parents",
          Json.array(header.parents().stream().map(each -> Json.of(Hash.hex(each))).toList()));
    }
    if (header.content() != null) {
      json.put("content", Hash.hex(header.content()));
    }
    if (line.body != null && line.salt != null) {
      json.put("salt", Hash.hex(line.salt));
      var body = Body.decode(line.body);
      if (Arrays.equals(body.encode(), line.body)) {
        json.put("body", body(body));
      } else {
        json.put("bodyBytes", Base64.getEncoder().encodeToString(line.body));
      }
    } else {
      json.put("bodyHash", Hash.hex(line.bodyDigest()));
    }
    if (line.previous != null) {
      json.put("previous", Hash.hex(line.previous));
    }
    return json.put("hash", Hash.hex(line.hash)).build();
  }

  /// Reads a line. Throws [InvalidInput] where it is no revision.
  static Line decode(Json.Obj json) {
    try {
      var change = Change.valueOf(required(json, "change").toUpperCase(Locale.ROOT));
      var parents = new ArrayList<byte[]>();
      var array = json.array("parents");
      if (array != null) {
        for (var each : array.items()) {
          parents.add(reference(each instanceof Json.Str(var text) ? text : ""));
        }
      }
      var content = json.string("content");
      var branch = json.string("branch");
      var until = json.string("until");
      byte[] body = null;
      byte[] salt = null;
      byte[] bodyHash = null;
      boolean holdsContent = false;
      if (json.get("body") instanceof Json.Obj fields) {
        var decoded = body(fields);
        body = decoded.encode();
        holdsContent = decoded.content() != null;
      } else if (json.get("bodyBytes") instanceof Json.Str(var bytes)) {
        body = Base64.getDecoder().decode(bytes);
        holdsContent = Body.decode(body).content() != null;
      } else {
        bodyHash = bytes(json, "bodyHash", Hash.BYTES);
      }
      if (body != null) {
        salt = bytes(json, "salt", 16);
      }
      long counter = longOf(json, "counter");
      if (counter < 0 || counter > 0xFFFF || parents.size() > Header.PARENTS_MAX) {
        throw new InvalidInput("a revision's counter or parents are out of range");
      }
      var header =
          new Header(
              change,
              Math.toIntExact(longOf(json, "number")),
              HybridClock.startOf(millis(required(json, "recordedAt"))) | counter,
              UUID.fromString(required(json, "memory")),
              millis(required(json, "at")),
              until == null ? Header.OPEN : millis(until),
              branch == null ? Header.MAIN : HexFormat.fromHexDigitsToLong(branch),
              body != null ? holdsContent : content == null && recordsValue(change),
              parents,
              content == null ? null : reference(content));
      if (header.from() >= header.until()) {
        throw new InvalidInput("until lies after at", "field", "until");
      }
      return new Line(
          Hash.hex(bytes(json, "site", 16)),
          Hash.hex(bytes(json, "scope", 16)),
          longOf(json, "seq"),
          header,
          header.encode(),
          salt,
          body,
          bodyHash,
          json.get("previous") == null ? null : bytes(json, "previous", Hash.BYTES),
          bytes(json, "hash", Hash.BYTES));
    } catch (IllegalArgumentException
        | ArithmeticException
        | DateTimeException
        | MalformedBytes
        | AssertionError e) {
      throw new InvalidInput("this is no revision: " + e.getMessage());
    }
  }

  private static boolean recordsValue(Change change) {
    return switch (change) {
      case OPEN, FORGET, ERASE -> false;
      case CREATE, REINFORCE, REVISE, BOUND, SUPERSEDE, LINK, UNLINK, REVERT, BRANCH, MERGE -> true;
    };
  }

  private static String required(Json.Obj json, String name) {
    var text = json.string(name);
    if (text == null) {
      throw new InvalidInput("a revision has a field '" + name + "'; it is missing", "field", name);
    }
    return text;
  }

  private static long longOf(Json.Obj json, String name) {
    var number = json.number(name);
    if (number == null) {
      throw new InvalidInput("a revision has a field '" + name + "'; it is missing", "field", name);
    }
    return number.longValue();
  }

  private static byte[] bytes(Json.Obj json, String name, int length) {
    var bytes = HexFormat.of().parseHex(required(json, name));
    if (bytes.length != length) {
      throw new InvalidInput(
          "'" + name + "' has " + length + " bytes; found " + bytes.length, "field", name);
    }
    return bytes;
  }

  private static byte[] reference(String hex) {
    var bytes = HexFormat.of().parseHex(hex);
    if (bytes.length != Hash.REFERENCE_BYTES) {
      throw new InvalidInput("a reference has 16 bytes; found " + bytes.length);
    }
    return bytes;
  }

  private static String time(long millis) {
    return Instant.ofEpochMilli(millis).toString();
  }

  private static long millis(String time) {
    return Instant.parse(time).toEpochMilli();
  }

  private static Json.Obj body(Body body) {
    var json = Json.object();
    var content = body.content();
    if (content != null) {
      put(json, "text", content.text());
      if (content.json() != null) {
        json.put("content", content.json());
      }
      put(json, "speaker", content.speaker());
      if (content.vector() != null) {
        var numbers = new ArrayList<Json>();
        for (float each : content.vector()) {
          numbers.add(Json.of((double) each));
        }
        json.put("vector", Json.array(numbers));
      }
    }
    var attributes = body.attributes();
    if (attributes != null) {
      json.put("kind", attributes.kind().word());
      put(json, "key", attributes.key());
      if (!attributes.tags().isEmpty()) {
        json.put("tags", Json.array(attributes.tags().stream().map(Json::of).toList()));
      }
      if (!attributes.metadata().fields().isEmpty()) {
        json.put("metadata", attributes.metadata());
      }
      json.put("importance", attributes.importance());
      if (attributes.pinned()) {
        json.put("pinned", true);
      }
      if (!attributes.links().isEmpty()) {
        json.put(
            "links",
            Json.array(
                attributes.links().stream()
                    .map(link ->
                        Json.object()
                            .put("type", link.type())
                            .put("to", link.to().toString())
                            .build())
                    .toList()));
      }
      if (attributes.expires() != Header.OPEN) {
        json.put("expires", time(attributes.expires()));
      }
      json.put("count", attributes.count());
      var provenance = Body.ProvenanceJson.encode(attributes.provenance());
      if (!provenance.fields().isEmpty()) {
        json.put("provenance", provenance);
      }
    }
    put(json, "session", body.cause().session());
    put(json, "tool", body.cause().tool());
    put(json, "message", body.cause().message());
    put(json, "branchName", body.cause().branch());
    put(json, "scopePath", body.cause().scope());
    return json.build();
  }

  private static void put(Json.Fields json, String name, @Nullable String value) {
    if (value != null) {
      json.put(name, value);
    }
  }

  private static Body body(Json.Obj json) {
    Body.Content content = null;
    var text = json.string("text");
    var value = json.get("content");
    if (text != null || value != null) {
      float[] vector = null;
      if (json.get("vector") instanceof Json.Arr numbers) {
        vector = new float[numbers.items().size()];
        for (int i = 0; i < vector.length; i++) {
          vector[i] =
              numbers.items().get(i) instanceof Json.Num(var number) ? (float) number : Float.NaN;
        }
      }
      content = new Body.Content(text, value, json.string("speaker"), vector);
    }
    Body.Attributes attributes = null;
    if (json.get("kind") instanceof Json.Str(var kind)) {
      var count = json.number("count");
      var importance = json.number("importance");
      var expires = json.string("expires");
      var metadata = json.object("metadata");
      var provenance = json.object("provenance");
      var pinned = json.bool("pinned");
      attributes =
          new Body.Attributes(
              Kind.of(kind),
              json.string("key"),
              strings(json.array("tags")),
              metadata == null ? Json.object().build() : metadata,
              importance == null ? 0.5 : importance.value(),
              pinned != null && pinned,
              links(json.array("links")),
              expires == null ? Header.OPEN : millis(expires),
              count == null ? 1 : Math.toIntExact(count.longValue()),
              provenance == null
                  ? dev.remanence.Provenance.NONE
                  : Body.ProvenanceJson.decode(provenance));
    }
    return new Body(
        content,
        attributes,
        new Body.Cause(
            json.string("session"),
            json.string("tool"),
            json.string("message"),
            json.string("branchName"),
            json.string("scopePath")));
  }

  private static List<String> strings(Json.@Nullable Arr array) {
    if (array == null) {
      return List.of();
    }
    return array.items().stream()
        .map(each -> each instanceof Json.Str(var text) ? text : each.canonical())
        .toList();
  }

  private static List<Link> links(Json.@Nullable Arr array) {
    if (array == null) {
      return List.of();
    }
    var links = new ArrayList<Link>();
    for (var each : array.items()) {
      if (each instanceof Json.Obj link) {
        links.add(new Link(required(link, "type"), UUID.fromString(required(link, "to"))));
      }
    }
    return links;
  }
}
