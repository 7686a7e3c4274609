package dev.remanence.cli;

import dev.remanence.Json;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What the words on a command line ask for.
///
/// @param command null where none was named
/// @param argument the bare argument of a command that exists only here
record Call(
    @Nullable Command command,
    Json.Obj params,
    @Nullable String argument,
    Path store,
    String scope,
    boolean json,
    boolean help) {}
