package dev.remanence.mind.sandbox;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The arguments of a call of something built in.
///
/// @param function its name, for messages
record Arguments(String function, List<Object> positional, Map<String, Object> named) {

  static Arguments of(String function, List<Object> positional) {
    return new Arguments(function, positional, Map.of());
  }

  int count() {
    return positional.size() + named.size();
  }

  /// Refuses other names than these, and more values than these names.
  Arguments allow(String... names) {
    if (positional.size() > names.length) {
      throw GuestError.type(
          function
              + "() takes at most "
              + names.length
              + (names.length == 1 ? " argument (" : " arguments (")
              + positional.size()
              + " given)");
    }
    for (var name : named.keySet()) {
      int index = List.of(names).indexOf(name);
      if (index < 0) {
        throw GuestError.type(function + "() got an unexpected keyword argument '" + name + "'");
      }
      if (index < positional.size()) {
        throw GuestError.type(function + "() got multiple values for argument '" + name + "'");
      }
    }
    return this;
  }

  /// Refuses names, and another number of values.
  Arguments exactly(int least, int most) {
    if (!named.isEmpty()) {
      throw GuestError.type(function + "() takes no keyword arguments");
    }
    int found = positional.size();
    if (found < least || found > most) {
      String expected =
          least == most
              ? (least == 0 ? "no arguments" : "exactly " + count(least))
              : found < least ? "at least " + count(least) : "at most " + count(most);
      throw GuestError.type(function + "() takes " + expected + " (" + found + " given)");
    }
    return this;
  }

  private static String count(int arguments) {
    return arguments == 1 ? "one argument" : arguments + " arguments";
  }

  Object at(int index) {
    return positional.get(index);
  }

  @Nullable Object get(int index, String name) {
    return index < positional.size() ? positional.get(index) : named.get(name);
  }

  Object get(int index, String name, Object fallback) {
    var value = get(index, name);
    return value == null ? fallback : value;
  }

  Object require(int index, String name) {
    var value = get(index, name);
    if (value == null) {
      throw GuestError.type(
          function + "() missing required argument '" + name + "' (pos " + (index + 1) + ")");
    }
    return value;
  }

  /// A value that only a name can give, or null.
  @Nullable Object named(String name) {
    return named.get(name);
  }
}
