package dev.remanence;

import dev.remanence.Selection.Source;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What one caller may do with a store that this process owns, held against every call before
/// anything is looked at: what it may not see is not there for it, what it may not do is refused.
final class Access {
  private final OwnedStore own;
  private final Grant grant;

  Access(OwnedStore own, Grant grant) {
    this.own = own;
    this.grant = grant;
  }

  Grant grant() {
    return grant;
  }

  /// Refuses what the caller may not do in a scope.
  void may(Verb verb, String scope) {
    own.requireOpen();
    Limits.scope(scope);
    if (!grant.covers(scope) || !grant.verbs().contains(verb)) {
      throw grant.refusal(verb, scope);
    }
  }

  /// Refuses what the caller may not do with a memory. One in a scope that it may not see is not
  /// there.
  void may(Verb verb, UUID id) {
    own.requireOpen();
    if (!grant.isAll()) {
      var scope = scopeOf(id);
      if (scope == null || !grant.covers(scope)) {
        throw Reading.notFound(id);
      }
      if (!grant.verbs().contains(verb)) {
        throw grant.refusal(verb, scope);
      }
    }
  }

  /// Whether a memory is there for the caller.
  boolean sees(UUID id) {
    if (grant.isAll()) {
      return true;
    }
    var scope = scopeOf(id);
    return scope != null && grant.covers(scope) && grant.verbs().contains(Verb.READ);
  }

  private @Nullable String scopeOf(UUID id) {
    return own.journal.readConsistently(reader -> {
      var state = reader.state(id);
      return state == null ? null : reader.scopePath(state.scope());
    });
  }

  /// Refuses what concerns the store as a whole.
  void mayCare() {
    own.requireOpen();
    if (!grant.isForAllScopes() || !grant.verbs().contains(Verb.ADMIN)) {
      throw grant.refusal(Verb.ADMIN, "all scopes");
    }
  }

  /// What the caller may see of a scope, and of those that it inherits from or of those below it.
  List<Source> sources(String scope, boolean inherit, boolean recursive) {
    may(Verb.READ, scope);
    var sources = own.scopes.sources(scope, inherit, recursive);
    return grant.isForAllScopes()
        ? sources
        : sources.stream().filter(source -> grant.covers(source.path())).toList();
  }
}
