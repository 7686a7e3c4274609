package dev.remanence.mind.sandbox;

import dev.remanence.Json;
import java.util.List;

/// A function of the host that a guest can call by name, with values in their order or by the names
/// of the parameters. Arguments and answers are JSON; nothing else crosses.
///
/// A `RemanenceException` from the body becomes an exception of the guest with the same name.
///
/// @param name a Python identifier
/// @param parameters in the order in which bare values fill them
public record HostFunction(String name, List<String> parameters, Body body) {
  public HostFunction {
    parameters = List.copyOf(parameters);
  }

  /// What the function does. It is called on the thread of the run.
  @FunctionalInterface
  public interface Body {
    /// Answers a call.
    ///
    /// @param arguments those that were given and are not `None`
    Json call(Json.Obj arguments);
  }
}
