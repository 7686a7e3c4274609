package dev.remanence.daemon.access;

import dev.remanence.Caller;
import dev.remanence.Grant;
import dev.remanence.Json;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.Verb;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a token allows, and the hash of its secret; never the secret.
///
/// @param id names it to people; part of the secret's text
/// @param tool under which what it writes is recorded
/// @param hash SHA-256 of the secret's text, in hexadecimal
/// @param lastUsed to about a minute; null where it never was
public record Token(
    String id,
    String tool,
    Grant grant,
    String hash,
    Instant createdAt,
    @Nullable Instant expires,
    @Nullable Instant lastUsed) {
  private static final List<String> FIELDS =
      List.of("id", "tool", "verbs", "scopes", "hash", "createdAt", "expires", "lastUsed");

  public boolean isExpired(Instant now) {
    return expires != null && !now.isBefore(expires);
  }

  /// The caller that a session of this token has.
  public Caller caller() {
    return new Caller(tool, 0, grant);
  }

  /// Verbs by their names in lower case.
  public static EnumSet<Verb> verbs(List<String> words) {
    var verbs = EnumSet.noneOf(Verb.class);
    for (var word : words) {
      verbs.add(verb(word));
    }
    if (verbs.isEmpty()) {
      throw new InvalidInput("verbs are some of read, write, erase, admin", "field", "verbs");
    }
    return verbs;
  }

  private static Verb verb(String word) {
    for (var verb : Verb.values()) {
      if (verb.name().toLowerCase(Locale.ROOT).equals(word)) {
        return verb;
      }
    }
    throw new InvalidInput(
        "verbs are some of read, write, erase, admin; found " + word,
        "field",
        "verbs",
        "found",
        word);
  }

  Token used(Instant at) {
    return new Token(id, tool, grant, hash, createdAt, expires, at);
  }

  Token with(List<String> patterns) {
    return new Token(
        id, tool, new Grant(grant.verbs(), patterns), hash, createdAt, expires, lastUsed);
  }

  /// What may be told of it.
  public Json.Obj told() {
    return fields().build();
  }

  private Json.Fields fields() {
    var verbs = new ArrayList<Json>();
    grant.verbs().forEach(verb -> verbs.add(Json.of(verb.name().toLowerCase(Locale.ROOT))));
    var fields =
        Json.object()
            .put("id", id)
            .put("tool", tool)
            .put("verbs", Json.array(verbs))
            .put("scopes", Json.array(grant.patterns().stream().map(Json::of).toList()))
            .put("createdAt", createdAt.toString());
    if (expires != null) {
      fields.put("expires", expires.toString());
    }
    if (lastUsed != null) {
      fields.put("lastUsed", lastUsed.toString());
    }
    return fields;
  }

  Json.Obj kept() {
    return fields().put("hash", hash).build();
  }

  /// Throws where it is not what [#kept] made: nobody guesses what a token allows.
  static Token of(Json.Obj kept) {
    if (!FIELDS.containsAll(kept.fields().keySet())) {
      throw new InvalidInput("a token has the fields " + FIELDS);
    }
    var expires = kept.string("expires");
    var lastUsed = kept.string("lastUsed");
    return new Token(
        Objects.requireNonNull(kept.string("id")),
        Objects.requireNonNull(kept.string("tool")),
        new Grant(verbs(texts(kept, "verbs")), texts(kept, "scopes")),
        Objects.requireNonNull(kept.string("hash")),
        Instant.parse(Objects.requireNonNull(kept.string("createdAt"))),
        expires == null ? null : Instant.parse(expires),
        lastUsed == null ? null : Instant.parse(lastUsed));
  }

  private static List<String> texts(Json.Obj kept, String name) {
    var texts = new ArrayList<String>();
    for (var item : Objects.requireNonNull(kept.array(name)).items()) {
      texts.add(((Json.Str) item).value());
    }
    return texts;
  }
}
