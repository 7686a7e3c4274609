package dev.remanence.daemon.protocol;

import dev.remanence.Json;
import dev.remanence.Remanence;
import dev.remanence.Verb;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One operation of the protocol. It answers over an open store, over the directory of a store that
/// nobody needs to open, or, as `verify` does, over either; or over the connection itself.
///
/// @param doc one sentence; the reference and `--help` show it
/// @param result the shape of the answer, as the reference writes it
public record Method(
    String name,
    Group group,
    String doc,
    List<Parameter> parameters,
    String result,
    @Nullable OnStore onStore,
    @Nullable OnDirectory onDirectory,
    @Nullable OnConnection onConnection) {
  /// Those of the chapters that are otherwise read.
  private static final Set<String> CHANGES =
      Set.of(
          "assemblies.put",
          "assemblies.add",
          "assemblies.remove",
          "assemblies.forget",
          "facts.set",
          "facts.add",
          "facts.remove",
          "facts.extract",
          "turns.add",
          "resolve",
          "revert",
          "branch",
          "merge");

  /// Those that only look, though they want admin.
  private static final Set<String> LOOKS =
      Set.of("verify", "saveAnchor", "stats", "status", "doctor", "log", "export", "activity");

  /// Those about a connection that concern the owner as a whole.
  private static final Set<String> OF_THE_OWNER = Set.of("activity", "stop");

  public Method {
    parameters = List.copyOf(parameters);
    assert onStore != null || onDirectory != null || onConnection != null : name;
  }

  /// A method over a store or its directory.
  Method(
      String name,
      Group group,
      String doc,
      List<Parameter> parameters,
      String result,
      @Nullable OnStore onStore,
      @Nullable OnDirectory onDirectory) {
    this(name, group, doc, parameters, result, onStore, onDirectory, null);
  }

  static Method of(
      String name,
      Group group,
      String doc,
      List<Parameter> parameters,
      String result,
      OnStore onStore) {
    return new Method(name, group, doc, parameters, result, onStore, null);
  }

  static Method of(
      String name,
      Group group,
      String doc,
      List<Parameter> parameters,
      String result,
      OnConnection onConnection) {
    return new Method(name, group, doc, parameters, result, null, null, onConnection);
  }

  /// Whether somebody must have the store open for this.
  public boolean needsStore() {
    return onDirectory == null;
  }

  /// Whether it can be asked of a store that somebody has open.
  public boolean isForOpenStore() {
    return onStore != null;
  }

  /// Whether it is about the connection and not about the store.
  public boolean isOfConnection() {
    return onConnection != null;
  }

  /// What a caller must be granted for it.
  public Verb verb() {
    return switch (group) {
      case WRITING -> name.equals("erase") ? Verb.ERASE : Verb.WRITE;
      // What a program does is held against the grant once more, call by call.
      case MIND -> Verb.WRITE;
      case READING -> Verb.READ;
      case CONNECTION -> OF_THE_OWNER.contains(name) ? Verb.ADMIN : Verb.READ;
      case FACTS, CONVERSATION, ASSEMBLIES, CONFLICTS, HISTORY ->
          CHANGES.contains(name) ? Verb.WRITE : Verb.READ;
      case CARE, ACCESS -> Verb.ADMIN;
    };
  }

  /// Whether it may be said twice where nobody knows whether it was done: it changes nothing.
  public boolean isRepeatable() {
    return verb() == Verb.READ || LOOKS.contains(name);
  }

  public @Nullable Parameter parameter(String wanted) {
    for (var parameter : parameters) {
      if (parameter.name().equals(wanted)) {
        return parameter;
      }
    }
    return null;
  }

  /// The chapters of the reference and of `--help`.
  public enum Group {
    WRITING("Writing"),
    READING("Reading"),
    FACTS("Facts"),
    CONVERSATION("Conversation"),
    ASSEMBLIES("Assemblies"),
    MIND("Mind"),
    CONFLICTS("Conflicts"),
    HISTORY("History"),
    CARE("Care"),
    ACCESS("Access"),
    CONNECTION("Connection");

    private final String title;

    Group(String title) {
      this.title = title;
    }

    public String title() {
      return title;
    }
  }

  /// Answers over an open store.
  @FunctionalInterface
  interface OnStore {
    Json answer(Remanence store, Params params, Remanence.Progress progress);
  }

  /// Answers over a store's directory, which nobody needs to have opened.
  @FunctionalInterface
  interface OnDirectory {
    Json answer(Path directory, Params params, Remanence.Progress progress);
  }

  /// Answers over a connection, about itself.
  @FunctionalInterface
  interface OnConnection {
    Json answer(Conversation conversation, Params params);
  }
}
