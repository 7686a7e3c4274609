package dev.remanence.cli;

import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.cli.Command.Option;
import dev.remanence.daemon.protocol.Type;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The scripts of `remanence completion`: commands, their options, and the words of choices.
final class Completion {
  static final List<String> SHELLS = List.of("bash", "zsh", "fish");

  private Completion() {}

  static String script(@Nullable String shell) {
    return switch (shell) {
      case "bash" -> bash();
      case "zsh" -> zsh();
      case "fish" -> fish();
      case null, default ->
          throw new InvalidInput(
              "completion is for one of bash, zsh, fish; found "
                  + (shell == null ? "nothing" : shell),
              "field",
              "shell");
    };
  }

  private static String bash() {
    var out = new StringBuilder();
    out.append(
        """
        # bash completion for remanence. Source it, or put it where bash-completion looks.
        _remanence() {
          local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}" command="" words="" i
          for ((i = 1; i < COMP_CWORD; i++)); do
            case "${COMP_WORDS[i]}" in
              --store|--scope) ((i++)) ;;
              -*) ;;
              *)
                if [[ -z $command ]]; then
                  command="${COMP_WORDS[i]}"
                  [[ " %g " == *" $command "* ]] || break
                else
                  command+=".${COMP_WORDS[i]}"
                  break
                fi ;;
            esac
          done
          case "$before" in
            --store) compopt -o dirnames; COMPREPLY=(); return ;;
          esac
          case "$command $before" in
        """
            .replace("%g", String.join(" ", Command.groups())));
    for (var command : Command.ALL) {
      for (var option : command.options()) {
        var words = words(option);
        if (!words.isEmpty()) {
          out.append("    '").append(command.name()).append(" --").append(option.name());
          out.append("') COMPREPLY=($(compgen -W '").append(String.join(" ", words));
          out.append("' -- \"$word\")); return ;;\n");
        }
      }
    }
    out.append(
        """
          esac
          local options='--store --scope --json --help'
          case "$command" in
            '') COMPREPLY=($(compgen -W "%s $options" -- "$word")); return ;;
        """
            .replace("%s", String.join(" ", Command.firstWords())));
    for (var group : Command.groups()) {
      out.append("    ").append(group).append(") COMPREPLY=($(compgen -W '");
      out.append(String.join(" ", Command.operations(group)));
      out.append("' -- \"$word\")); return ;;\n");
    }
    for (var command : Command.ALL) {
      var options = new ArrayList<String>();
      command.options().forEach(option -> options.add("--" + option.name()));
      if (!options.isEmpty()) {
        out.append("    ").append(command.name()).append(") options+=' ");
        out.append(String.join(" ", options)).append("' ;;\n");
      }
    }
    for (var command : Command.ALL) {
      var words = words(command);
      if (!words.isEmpty()) {
        out.append("    ").append(command.name()).append(") options+=' ");
        out.append(String.join(" ", words)).append("'; words=1 ;;\n");
      }
    }
    out.append(
        """
          esac
          if [[ $word == -* || -n $words ]]; then
            COMPREPLY=($(compgen -W "$options" -- "$word"))
          else
            compopt -o default
            COMPREPLY=()
          fi
        }
        complete -F _remanence remanence
        """);
    return out.toString();
  }

  private static String zsh() {
    var out = new StringBuilder();
    out.append(
        """
        #compdef remanence
        # zsh completion for remanence. Put it as _remanence into a directory of $fpath.
        _remanence() {
          local -a global commands
          global=(
            '--store[the store]:directory:_files -/'
            '--scope[the scope]:scope:'
            '--json[answer in JSON]'
            '--help[explain]'
          )
          commands=(
        """);
    for (var word : Command.firstWords()) {
      out.append("    '").append(word).append(':').append(zshText(doc(word))).append("'\n");
    }
    out.append(
        """
          )
          local curcontext="$curcontext" state line
          _arguments -C $global '1:command:->command' '*::argument:->argument'
          case $state in
            command) _describe -t commands command commands ;;
            argument)
              local command=$line[1]
              if [[ " %g " == *" $command "* ]]; then
                if (( CURRENT == 1 )); then
                  case $command in
        """
            .replace("%g", String.join(" ", Command.groups())));
    for (var group : Command.groups()) {
      out.append("            ").append(group).append(") compadd ");
      out.append(String.join(" ", Command.operations(group))).append(" ;;\n");
    }
    out.append(
        """
                  esac
                  return
                fi
                command+=.$words[1]
                shift words; (( CURRENT-- ))
              fi
              case $command in
        """);
    for (var command : Command.ALL) {
      out.append("        ").append(command.name()).append(") _arguments $global");
      for (var option : command.options()) {
        out.append(" \\\n          '*--").append(option.name()).append('[');
        out.append(zshText(option.doc())).append(']');
        if (!option.isFlag()) {
          var words = words(option);
          out.append(":value:");
          out.append(
              words.isEmpty()
                  ? (option.type() == Type.PATH ? "_files" : "")
                  : "(" + String.join(" ", words) + ")");
        }
        out.append('\'');
      }
      var words = words(command);
      out.append(
          words.isEmpty()
              ? " '*:argument:_files'"
              : " '1:" + command.name() + ":(" + String.join(" ", words) + ")'");
      out.append(" ;;\n");
    }
    out.append(
        """
              esac ;;
          esac
        }
        if [ "$funcstack[1]" = _remanence ]; then _remanence "$@"; else compdef _remanence remanence; fi
        """);
    return out.toString();
  }

  /// A phrase within single quotes and brackets of `_arguments`.
  private static String zshText(String text) {
    return text.replace("`", "")
        .replace("'", "'\\''")
        .replace("[", "\\[")
        .replace("]", "\\]")
        .replace(":", "\\:");
  }

  private static String fish() {
    var out = new StringBuilder();
    out.append(
        """
        # fish completion for remanence. Put it into ~/.config/fish/completions/remanence.fish.
        set -l none 'not __fish_seen_subcommand_from %s'
        complete -c remanence -f -n $none -a '%s'
        complete -c remanence -l store -r -a '(__fish_complete_directories)' -d 'the store'
        complete -c remanence -l scope -x -d 'the scope'
        complete -c remanence -l json -d 'answer in JSON'
        complete -c remanence -l help -s h -d 'explain'
        """
            .replace("%s", String.join(" ", Command.firstWords())));
    for (var word : Command.firstWords()) {
      out.append("complete -c remanence -n $none -a ").append(word);
      out.append(" -d '").append(fishText(doc(word))).append("'\n");
    }
    for (var group : Command.groups()) {
      out.append("complete -c remanence -f -n '__fish_seen_subcommand_from ").append(group);
      out.append("' -a '").append(String.join(" ", Command.operations(group))).append("'\n");
    }
    for (var command : Command.ALL) {
      var here = " -n '__fish_seen_subcommand_from " + fishSeen(command) + "'";
      for (var option : command.options()) {
        var words = words(option);
        out.append("complete -c remanence").append(here).append(" -l ").append(option.name());
        if (!option.isFlag()) {
          out.append(option.type() == Type.PATH ? " -r" : " -x");
        }
        if (!words.isEmpty()) {
          out.append(" -a '").append(String.join(" ", words)).append('\'');
        }
        out.append(" -d '").append(fishText(option.doc())).append("'\n");
      }
    }
    for (var command : Command.ALL) {
      var words = words(command);
      if (!words.isEmpty()) {
        out.append("complete -c remanence -f -n '__fish_seen_subcommand_from ");
        out.append(command.name()).append("' -a '").append(String.join(" ", words)).append("'\n");
      }
    }
    return out.toString();
  }

  /// `token create` is seen by both of its words.
  private static String fishSeen(Command command) {
    return command.name().replace(".", "; and __fish_seen_subcommand_from ");
  }

  private static String fishText(String text) {
    return text.replace("`", "").replace("\\", "\\\\").replace("'", "\\'");
  }

  /// What is said of a first word: of a command, or of a group of them.
  private static String doc(String word) {
    var command = Command.named(word);
    return command == null ? String.join(", ", Command.operations(word)) : command.doc();
  }

  /// The words that a command's argument is one of, where they are known.
  private static List<String> words(Command command) {
    return switch (command.name()) {
      case "completion" -> SHELLS;
      case "help" -> Command.firstWords();
      case "install" -> List.of("systemd");
      default -> List.of();
    };
  }

  /// The words that may follow an option, where they are known.
  private static List<String> words(Option option) {
    var parameter = option.parameter();
    if (parameter != null) {
      return parameter.words();
    }
    return option.name().equals("kind") ? Option.KINDS : List.of();
  }
}
