package dev.remanence.daemon.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remanence.Grant;
import dev.remanence.Json;
import dev.remanence.RemanenceException;
import dev.remanence.RemanenceException.CorruptStore;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.NotFound;
import dev.remanence.RemanenceException.TooLarge;
import dev.remanence.RemanenceException.Unavailable;
import dev.remanence.daemon.wire.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The tokens of a store, in the file `tokens.json` beside its journal. Thread-safe; one owner.
///
/// A secret's text is `rmn_ID_RANDOM`, where RANDOM is 256 random bits. What is kept is its
/// SHA-256: with that much chance in a secret nobody gets from the hash to it, and a slow hash,
/// which words that people choose would want, would only slow down requests. A file that cannot be
/// read admits nobody, and does not count as none: that would open what was closed.
public final class Tokens {
  public static final String FILE = "tokens.json";

  private static final System.Logger LOG = System.getLogger("dev.remanence");
  private static final int FORMAT = 1;
  private static final int TOKENS_MAX = 1000;
  private static final int ID_BYTES = 6;
  private static final int SECRET_BYTES = 32;
  private static final int SECRET_CHARS_MAX = 200;
  private static final Duration USES_WRITTEN_EVERY = Duration.ofMinutes(1);
  private static final Pattern SECRET = Pattern.compile("rmn_([0-9a-f]{12})_[A-Za-z0-9_-]{43}");

  /// Compared with where there is no such token, so that this takes as long.
  private static final byte[] NOBODY = new byte[64];

  private final Path file;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();

  /// Guarded by this.
  private final Map<String, Token> tokens = new LinkedHashMap<>();

  private @Nullable RemanenceException damage;
  private boolean usesUnwritten;
  private Instant usesWritten = Instant.EPOCH;

  private Tokens(Path file, InstantSource clock) {
    this.file = file;
    this.clock = clock;
  }

  public static Tokens of(Path store) {
    return of(store, InstantSource.system());
  }

  static Tokens of(Path store, InstantSource clock) {
    var tokens = new Tokens(store.resolve(FILE), clock);
    tokens.read();
    return tokens;
  }

  private synchronized void read() {
    try {
      if (!(Json.parse(Files.readAllBytes(file)) instanceof Json.Obj kept)
          || !(kept.get("format") instanceof Json.Num format)
          || format.longValue() != FORMAT
          || !(kept.get("tokens") instanceof Json.Arr(var items))) {
        throw new InvalidInput("it is no list of tokens of format " + FORMAT);
      }
      for (var item : items) {
        var token = Token.of((Json.Obj) item);
        tokens.put(token.id(), token);
      }
    } catch (NoSuchFileException _) {
      // Nobody has made one.
    } catch (IOException
        | RemanenceException
        | ClassCastException
        | NullPointerException
        | DateTimeException e) {
      tokens.clear();
      damage =
          new CorruptStore(
              file
                  + " is not what was written, so that no token holds; bring it back, or remove it"
                  + " and create tokens anew: "
                  + e.getMessage(),
              "file",
              file.toString());
      LOG.log(System.Logger.Level.ERROR, damage.getMessage());
    }
  }

  private void requireSound() {
    if (damage != null) {
      throw damage;
    }
  }

  /// Whether there is any, expired ones included: whoever made one meant to close the door.
  public synchronized boolean exist() {
    requireSound();
    return !tokens.isEmpty();
  }

  /// A token that was made, and its secret, which nobody can tell again.
  public record Created(Token token, String secret) {}

  /// Makes a token.
  ///
  /// @param lasts null for ever
  public synchronized Created create(String tool, Grant grant, @Nullable Duration lasts) {
    requireSound();
    if (grant.verbs().isEmpty() || grant.patterns().isEmpty()) {
      throw new InvalidInput(
          "a token has at least one verb and one pattern of scopes", "field", "scopes");
    }
    if (tokens.size() >= TOKENS_MAX) {
      throw new TooLarge(
          "a store has at most " + TOKENS_MAX + " tokens; revoke some", "max", TOKENS_MAX);
    }
    var id = HexFormat.of().formatHex(bytes(ID_BYTES));
    var secret =
        "rmn_"
            + id
            + "_"
            + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(SECRET_BYTES));
    var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    var token =
        new Token(
            id,
            tool,
            grant,
            HexFormat.of().formatHex(hash(secret)),
            now,
            lasts == null ? null : now.plus(lasts),
            null);
    // Refuses a name that cannot be recorded.
    token.caller();
    tokens.put(id, token);
    try {
      write();
    } catch (RemanenceException e) {
      tokens.remove(id);
      throw e;
    }
    return new Created(token, secret);
  }

  public synchronized List<Token> all() {
    requireSound();
    return List.copyOf(tokens.values());
  }

  /// The token of this id now; null where it was revoked or has expired.
  public synchronized @Nullable Token valid(String id) {
    requireSound();
    var token = tokens.get(id);
    return token == null || token.isExpired(clock.instant()) ? null : token;
  }

  /// The token whose secret this is; null where it is none that holds.
  public synchronized @Nullable Token of(String secret) {
    requireSound();
    var id = "";
    if (secret.length() <= SECRET_CHARS_MAX) {
      var form = SECRET.matcher(secret);
      id = form.matches() ? form.group(1) : "";
    }
    var known = tokens.get(id);
    var shown = HexFormat.of().formatHex(hash(id.isEmpty() ? "" : secret)).getBytes(UTF_8);
    var kept = known == null ? NOBODY : known.hash().getBytes(UTF_8);
    var now = clock.instant();
    if (!MessageDigest.isEqual(shown, kept) || known == null || known.isExpired(now)) {
      return null;
    }
    var last = known.lastUsed();
    if (last == null || last.plus(USES_WRITTEN_EVERY).isBefore(now)) {
      tokens.put(id, known.used(now.truncatedTo(ChronoUnit.SECONDS)));
      usesUnwritten = true;
    }
    return known;
  }

  public synchronized void revoke(String id) {
    requireSound();
    var revoked = tokens.remove(id);
    if (revoked == null) {
      throw new NotFound("there is no token " + id + "; see: remanence token list", "id", id);
    }
    try {
      write();
    } catch (RemanenceException e) {
      tokens.put(id, revoked);
      throw e;
    }
  }

  /// Takes the names of erased scopes out: patterns that name one go, and a token that has no other
  /// goes with them.
  public synchronized void forget(Collection<String> scopes) {
    requireSound();
    boolean changed = false;
    for (var token : new ArrayList<>(tokens.values())) {
      var patterns =
          token.grant().patterns().stream().filter(each -> !names(each, scopes)).toList();
      if (patterns.isEmpty()) {
        tokens.remove(token.id());
        changed = true;
      } else if (patterns.size() < token.grant().patterns().size()) {
        tokens.put(token.id(), token.with(patterns));
        changed = true;
      }
    }
    if (changed) {
      write();
    }
  }

  private static boolean names(String pattern, Collection<String> scopes) {
    for (var scope : scopes) {
      if (pattern.equals(scope) || pattern.startsWith(scope + "/")) {
        return true;
      }
    }
    return false;
  }

  /// Writes when tokens were used last, not too often.
  public synchronized void writeUses() {
    var now = clock.instant();
    if (usesUnwritten && damage == null && usesWritten.plus(USES_WRITTEN_EVERY).isBefore(now)) {
      usesWritten = now;
      usesUnwritten = false;
      write();
    }
  }

  private void write() {
    var kept =
        Json.object()
            .put("format", FORMAT)
            .put("tokens", Json.array(tokens.values().stream().<Json>map(Token::kept).toList()))
            .build();
    try {
      PrivateFiles.replace(file, (kept + "\n").getBytes(UTF_8));
    } catch (IOException e) {
      throw new Unavailable(
          "cannot write " + file + ": " + e.getMessage(), e, "file", file.toString());
    }
  }

  private byte[] bytes(int count) {
    var bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] hash(String secret) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
