package dev.remanence.cli;

import static java.util.Objects.requireNonNull;

import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.cli.Command.Option;
import dev.remanence.daemon.protocol.Method;
import dev.remanence.daemon.protocol.Nearest;
import dev.remanence.daemon.protocol.Protocol;
import dev.remanence.daemon.protocol.Type;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Reads a command line into a [Call].
///
/// ```
/// remanence [--store DIR] [--scope S] [--json] COMMAND [ARGUMENT…] [--option VALUE | --option=VALUE]…
/// ```
///
/// Options stand anywhere; `--` ends them. A flag takes no value but may say `--flag=false` or
/// `--no-flag`. An option of a list is repeated, or takes its items with commas. `-` in place of a
/// text stands for stdin. Whether the values make sense together is the protocol's to say.
final class Arguments {
  private static final List<String> GLOBAL = List.of("store", "scope", "json", "help", "version");

  private final Map<String, String> environment;
  private final CallParams params;
  private final List<String> bare = new ArrayList<>();
  private final List<Named> named = new ArrayList<>();

  /// @param stdin reads all of stdin as text; called at most once
  Arguments(Map<String, String> environment, Supplier<String> stdin) {
    this.environment = environment;
    this.params = new CallParams(stdin);
  }

  /// An option as it was written; a null value says that none was.
  private record Named(String name, @Nullable String value) {}

  Call parse(String... words) {
    split(words);
    boolean help = global("help") != null;
    var jsonOption = global("json");
    boolean json = jsonOption != null && flag(jsonOption);
    var command = command();
    if (command == null && global("version") != null) {
      command = Command.named("version");
    }
    if (command == null && !help) {
      requireKnownOptions();
    }
    String argument = null;
    if (command != null && !help) {
      for (var option : named) {
        if (!GLOBAL.contains(option.name())) {
          fill(command, option);
        }
      }
      argument = arguments(command);
    }
    var scope = scope(command, help);
    return new Call(command, params.params(), argument, store(), scope, json, help);
  }

  /// Tells options from bare arguments. Whether an option has a value must be known before its
  /// command is, because it may stand before it: no name is a flag here and something else there.
  private void split(String... words) {
    for (int i = 0; i < words.length; i++) {
      var word = words[i];
      if (word.equals("--")) {
        bare.addAll(List.of(words).subList(i + 1, words.length));
        return;
      }
      if (word.equals("-h")) {
        named.add(new Named("help", null));
      } else if (word.startsWith("--")) {
        int equals = word.indexOf('=');
        var name = equals < 0 ? word.substring(2) : word.substring(2, equals);
        if (equals >= 0) {
          named.add(new Named(name, word.substring(equals + 1)));
        } else if (isFlag(name) || i + 1 == words.length) {
          named.add(new Named(name, null));
        } else {
          named.add(new Named(name, words[++i]));
        }
      } else if (word.startsWith("-") && word.length() > 1) {
        throw new InvalidInput(
            "unknown option " + word + "; options begin with --, and -- alone ends them");
      } else {
        bare.add(word);
      }
    }
  }

  private static boolean isFlag(String name) {
    if (GLOBAL.contains(name)) {
      return !name.equals("store") && !name.equals("scope");
    }
    boolean negated = false;
    for (var command : Command.ALL) {
      var option = option(command, name);
      if (option != null) {
        return option.isFlag();
      }
      negated |= negated(command, name) != null;
    }
    return negated;
  }

  private static @Nullable Option option(Command command, String name) {
    var dashed = Command.dashed(name);
    for (var option : command.options()) {
      if (option.name().equals(dashed)) {
        return option;
      }
    }
    return null;
  }

  /// The flag that `no-…` turns off.
  private static @Nullable Option negated(Command command, String name) {
    var option = name.startsWith("no-") ? option(command, name.substring(3)) : null;
    return option != null && option.isFlag() ? option : null;
  }

  private @Nullable Named global(String name) {
    Named found = null;
    for (var option : named) {
      if (option.name().equals(name)) {
        found = option;
      }
    }
    return found;
  }

  private static String value(Named option) {
    if (option.value() == null) {
      throw new InvalidInput("--" + option.name() + " needs a value", "field", option.name());
    }
    return option.value();
  }

  private static boolean flag(Named option) {
    return switch (option.value()) {
      case null -> true;
      case "true" -> true;
      case "false" -> false;
      case String other ->
          throw new InvalidInput(
              "--" + option.name() + " is true or false; found " + other, "field", option.name());
    };
  }

  private @Nullable Command command() {
    if (bare.isEmpty()) {
      return null;
    }
    var word = bare.removeFirst();
    var command = Command.named(word);
    var operations = Command.operations(word);
    if (command == null && !operations.isEmpty()) {
      command = bare.isEmpty() ? null : Command.named(word, bare.removeFirst());
      if (command == null) {
        throw new InvalidInput(
            word
                + " is followed by one of "
                + String.join(", ", operations)
                + ". See: remanence help");
      }
    }
    if (command == null) {
      var nearest = Nearest.to(word, Command.names());
      throw new InvalidInput(
          "unknown command '"
              + word
              + "'"
              + (nearest == null
                  ? "; see: remanence help"
                  : "; did you mean " + nearest + "? See: remanence help"));
    }
    return command;
  }

  /// A misspelt option takes the next word for its value, and that may have been the command.
  private void requireKnownOptions() {
    for (var option : named) {
      if (!GLOBAL.contains(option.name())) {
        var nearest = Nearest.to(option.name(), GLOBAL);
        throw new InvalidInput(
            "--"
                + option.name()
                + " stands without a command"
                + (nearest == null ? "." : "; did you mean --" + nearest + "?")
                + " See: remanence help",
            "field",
            option.name());
      }
    }
  }

  private void fill(Command command, Named given) {
    var option = option(command, given.name());
    var negated = option == null ? negated(command, given.name()) : null;
    if (option == null && negated == null) {
      throw unknown(command, given.name());
    }
    if (negated != null) {
      fill(command, negated, Boolean.toString(!flag(given)));
    } else if (option != null) {
      fill(command, option, option.isFlag() ? Boolean.toString(flag(given)) : value(given));
    }
  }

  private void fill(Command command, Option option, String value) {
    var parameter = option.parameter();
    if (parameter != null) {
      params.put("--" + option.name(), parameter, value);
    } else {
      params.put(option, value, command.takes("filter"));
    }
  }

  private static InvalidInput unknown(Command command, String name) {
    var names = new ArrayList<>(GLOBAL);
    command.options().forEach(option -> names.add(option.name()));
    var nearest = Nearest.to(name, names);
    return new InvalidInput(
        command.name()
            + " has no option --"
            + name
            + (nearest == null ? "." : "; did you mean --" + nearest + "?")
            + " See: remanence help "
            + command.name(),
        "field",
        name);
  }

  /// Fills parameters from what stands without an option's name. Answers the one argument of a
  /// command that has no method.
  private @Nullable String arguments(Command command) {
    var method = command.method();
    String own = null;
    for (var slot : command.arguments()) {
      if (bare.isEmpty()) {
        break;
      }
      if (method == null) {
        own = slot.endsWith("...") ? String.join(".", bare) : bare.getFirst();
        bare.subList(0, slot.endsWith("...") ? bare.size() : 1).clear();
      } else {
        argument(method, slot);
      }
    }
    if (!bare.isEmpty()) {
      throw new InvalidInput(
          command.name()
              + " takes "
              + (command.arguments().isEmpty() ? "no argument" : "fewer arguments")
              + "; found '"
              + bare.getFirst()
              + "'. See: remanence help "
              + command.name());
    }
    return own;
  }

  private void argument(Method method, String slot) {
    String name = slot;
    String value;
    if (slot.endsWith("...")) {
      name = slot.substring(0, slot.length() - 3);
      boolean isList = requireNonNull(method.parameter(name)).type() == Type.IDS;
      value = String.join(isList ? "," : " ", bare);
      bare.clear();
    } else {
      value = bare.removeFirst();
    }
    if (slot.equals("id|key")) {
      name = isId(value) ? "id" : "key";
    }
    params.put(name, requireNonNull(method.parameter(name)), value);
  }

  private static boolean isId(String word) {
    try {
      return word.length() == 36 && UUID.fromString(word) != null;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /// The default scope of the call. One that was named goes into the params as well, where an id is
  /// checked against it; one from the environment does not.
  private String scope(@Nullable Command command, boolean help) {
    var standard = setting("REMANENCE_SCOPE", Protocol.STANDARD_SCOPE);
    var option = global("scope");
    if (option == null) {
      return standard;
    }
    var scope = value(option);
    var method = command == null || help ? null : command.method();
    if (command != null && method != null) {
      var parameter = method.parameter("scope");
      if (parameter == null) {
        throw new InvalidInput(command.name() + " takes no --scope", "field", "scope");
      }
      params.put("--scope", parameter, scope);
    }
    return scope;
  }

  private Path store() {
    var named = global("store");
    var directory =
        named != null
            ? value(named)
            : setting(
                "REMANENCE_STORE",
                Path.of(System.getProperty("user.home"), ".remanence").toString());
    try {
      if (!directory.isEmpty()) {
        return Path.of(directory).toAbsolutePath().normalize();
      }
    } catch (InvalidPathException _) {
      // Answered below, like an empty one.
    }
    throw new InvalidInput("--store is a directory; found '" + directory + "'", "field", "store");
  }

  private String setting(String variable, String standard) {
    var value = environment.get(variable);
    return value == null || value.isEmpty() ? standard : value;
  }
}
