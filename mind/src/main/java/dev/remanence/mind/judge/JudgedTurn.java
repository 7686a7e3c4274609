package dev.remanence.mind.judge;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A turn to judge.
///
/// @param id any text that names it among the turns that are judged together
/// @param role who spoke, as models know it: `user`, `assistant`, `system`, `tool`
/// @param speaker their name, or null
/// @param pinned whether it stays whatever it says
public record JudgedTurn(
    String id, String role, @Nullable String speaker, String text, Instant at, boolean pinned) {

  /// Whether a person said it: not a model, a tool or a program's instructions.
  boolean isByPerson() {
    return !isByModel() && !role.equals("system");
  }

  /// Whether it was made, and could be made again.
  boolean isByModel() {
    return role.equals("assistant") || role.equals("tool");
  }
}
