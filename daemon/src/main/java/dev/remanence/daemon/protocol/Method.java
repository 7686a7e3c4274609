package dev.remanence.daemon.protocol;

import dev.remanence.Json;
import dev.remanence.Remanence;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One operation of the protocol. It answers over an open store, over the directory of a store that
/// nobody needs to open, or, as `verify` does, over either.
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
    @Nullable OnDirectory onDirectory) {

  public Method {
    parameters = List.copyOf(parameters);
    assert onStore != null || onDirectory != null : name;
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

  /// Whether somebody must have the store open for this.
  public boolean needsStore() {
    return onDirectory == null;
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
    ASSEMBLIES("Assemblies"),
    HISTORY("History"),
    CARE("Care");

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
    Json answer(Path directory, Params params);
  }
}
