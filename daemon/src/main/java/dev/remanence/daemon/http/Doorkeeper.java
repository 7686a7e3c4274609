package dev.remanence.daemon.http;

import dev.remanence.Caller;
import dev.remanence.Grant;
import dev.remanence.RemanenceException;
import dev.remanence.daemon.access.Token;
import dev.remanence.daemon.access.Tokens;
import dev.remanence.daemon.server.Reception;
import dev.remanence.daemon.server.Sessions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Says who may come in, by Host, Origin and token; the rules are in docs/http.md, under "Who may
/// call". Each token has one session, which begins with its first request. Thread-safe.
final class Doorkeeper implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("dev.remanence");
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final Pattern ADDRESS =
      Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[[0-9a-f:.]+]");
  private static final String BEARER = "bearer ";
  private static final String NOBODY = "http";

  private final Reception reception;
  private final Tokens tokens;
  private final HttpSettings settings;
  private final boolean onLoopback;
  private final LongAdder refused = new LongAdder();

  /// By the token's id; that of callers without one under the empty one. Guarded by itself.
  private final Map<String, Sessions.Session> sessions = new HashMap<>();

  Doorkeeper(Reception reception, HttpSettings settings, boolean onLoopback) {
    this.reception = reception;
    this.tokens = reception.tokens();
    this.settings = settings;
    this.onLoopback = onLoopback;
  }

  /// Refuses who says a name that is not ours, and web pages that were not invited.
  void requirePlace(Request request) {
    var host = request.host();
    boolean known =
        LOOPBACK.contains(host)
            || settings.names().contains(host)
            || (!onLoopback && ADDRESS.matcher(host).matches());
    if (!known) {
      throw Refusal.forbidden(
          "this server is not called so; --host tells it another name than its address");
    }
    var origin = request.header("Origin");
    if (origin != null && !settings.origins().contains(origin)) {
      throw Refusal.forbidden("web pages of this origin may not call; --cors lets one in");
    }
  }

  /// Lets a caller in, or throws.
  Guest admit(Request request) {
    var shown = request.header("Authorization");
    if (shown == null && onLoopback && !tokens.exist() && request.peer().isLoopbackAddress()) {
      return new Guest(
          reception, session("", new Caller(NOBODY, 0, Grant.ALL)), request.isFromThisMachine());
    }
    var token = token(shown);
    if (token == null) {
      refused.increment();
      throw Refusal.unauthorized();
    }
    return new Guest(reception, session(token.id(), token.caller()), request.isFromThisMachine());
  }

  private @Nullable Token token(@Nullable String shown) {
    return shown != null && shown.toLowerCase(Locale.ROOT).startsWith(BEARER)
        ? tokens.of(shown.substring(BEARER.length()).strip())
        : null;
  }

  /// Whether a guest's token still holds; for answers that go on.
  boolean isWelcome(Guest guest) {
    synchronized (sessions) {
      for (var each : sessions.entrySet()) {
        if (each.getValue() == guest.session()) {
          return each.getKey().isEmpty() ? !tokens.exist() : isCurrent(each.getKey(), guest);
        }
      }
    }
    return false;
  }

  private boolean isCurrent(String id, Guest guest) {
    var token = tokens.valid(id);
    return token != null && token.caller().equals(guest.session().caller());
  }

  private Sessions.Session session(String id, Caller caller) {
    synchronized (sessions) {
      var present = sessions.get(id);
      if (present != null && !present.caller().equals(caller)) {
        // An erasure took patterns away.
        leave(sessions.remove(id));
        present = null;
      }
      if (present == null) {
        leaveRevoked();
        present = reception.sessions().begin(caller);
        sessions.put(id, present);
      }
      return present;
    }
  }

  private void leaveRevoked() {
    for (var id : new ArrayList<>(sessions.keySet())) {
      if (!id.isEmpty() && tokens.valid(id) == null) {
        leave(sessions.remove(id));
      }
    }
  }

  private void leave(Sessions.@Nullable Session session) {
    try {
      if (session != null) {
        reception.sessions().leave(session);
      }
    } catch (RemanenceException e) {
      LOG.log(System.Logger.Level.WARNING, "a session was not ended: " + e.getMessage());
    }
  }

  /// How many came without a token that holds.
  long refused() {
    return refused.sum();
  }

  @Override
  public void close() {
    synchronized (sessions) {
      sessions.values().forEach(this::leave);
      sessions.clear();
    }
  }
}
