package dev.remanence.daemon.protocol;

import dev.remanence.Caller;
import dev.remanence.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A caller's connection, as far as its own methods ([ConnectionMethods]) act on it.
public interface Conversation {
  /// What a caller says of itself.
  ///
  /// @param caller the program, under which its writes are recorded, and what it wants to be held
  ///   to
  /// @param version the program's version
  /// @param session one that is open, to join; null for a new one
  /// @param scope where its calls go that name none
  /// @param protocol what it speaks
  /// @param progress whether it wants to hear of the progress of long calls
  /// @param time its clock when it called
  /// @param token what the endpoint file says, where the connection is no Unix socket
  record Hello(
      Caller caller,
      @Nullable String version,
      @Nullable UUID session,
      @Nullable String scope,
      int protocol,
      boolean progress,
      @Nullable Instant time,
      @Nullable String token) {}

  Json.Obj hello(Hello hello);

  /// Ends the session; the connection is closed after the answer.
  void goodbye();

  /// What goes on in the owner now.
  Json.Obj activity();

  /// What a token is to allow.
  ///
  /// @param expires how long it lasts; null for ever
  record Admission(
      String tool, List<String> verbs, List<String> scopes, @Nullable Duration expires) {}

  Json.Obj createToken(Admission admission);

  List<Json> tokens();

  void revokeToken(String id);

  /// Begins to tell what is recorded, by notifications. Answers where it begins.
  Json.Obj watch(@Nullable String scope, boolean recursive, @Nullable Long since);

  void unwatch();

  /// Ends the process that owns the store, after the answer.
  void stop();
}
