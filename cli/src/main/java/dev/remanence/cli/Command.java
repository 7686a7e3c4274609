package dev.remanence.cli;

import dev.remanence.daemon.protocol.Method;
import dev.remanence.daemon.protocol.Parameter;
import dev.remanence.daemon.protocol.Protocol;
import dev.remanence.daemon.protocol.Type;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One command: a method of the protocol with the arguments that may stand without an option's
/// name, or one of the few commands that exist only here. A method such as `assemblies.list` may be
/// written as two words.
///
/// @param method null for a command that exists only here
/// @param arguments parameters in the order in which bare arguments fill them. `id|key` takes an id
///   where the argument looks like one, else a key; the last one may end in `...`, which takes all
///   words that are left
/// @param examples what follows `remanence` on a line
record Command(
    String name,
    String doc,
    @Nullable Method method,
    List<String> arguments,
    List<String> examples) {

  /// Methods of a connection that are commands too.
  private static final Set<String> SHOWN =
      Set.of("activity", "stop", "token.create", "token.list", "token.revoke", "watch");

  static final List<Command> ALL = all();

  private static List<Command> all() {
    var all = new ArrayList<Command>();
    for (var method : Protocol.METHODS) {
      if (method.isOfConnection() && !SHOWN.contains(method.name())) {
        continue;
      }
      all.add(
          new Command(
              method.name(),
              method.doc(),
              method,
              arguments(method.name()),
              examples(method.name())));
    }
    all.add(
        new Command(
            "pipe",
            "Serves JSON-RPC on stdin and stdout, a line a message, answers in order.",
            null,
            List.of(),
            List.of("pipe < requests.jsonl")));
    all.add(
        new Command(
            "serve",
            "Owns the store and serves it from this process, until a signal ends it; IDLE is a time"
                + " without callers after which it ends by itself.",
            null,
            List.of("idle"),
            List.of(
                "serve",
                "serve 1h",
                "serve --http 8765",
                "serve --http 0.0.0.0:8765 --tls-cert cert.pem --tls-key key.pem")));
    all.add(
        new Command(
            "top",
            "Shows what the owner of the store does: calls, latencies, callers, memory.",
            null,
            List.of(),
            List.of("top")));
    all.add(
        new Command(
            "install",
            "Sets the machine up: `systemd` writes units that keep the store served and backed up.",
            null,
            List.of("what"),
            List.of("install systemd")));
    all.add(
        new Command(
            "version",
            "Tells the version of the program and of Java.",
            null,
            List.of(),
            List.of("version")));
    all.add(
        new Command(
            "help",
            "Explains the command line, or one command.",
            null,
            List.of("command..."),
            List.of("help recall", "help assemblies list")));
    all.add(
        new Command(
            "completion",
            "Writes a completion script for bash, zsh or fish.",
            null,
            List.of("shell"),
            List.of("completion bash > ~/.local/share/bash-completion/completions/remanence")));
    return List.copyOf(all);
  }

  private static List<String> arguments(String method) {
    return switch (method) {
      case "remember", "supersede" -> List.of("text...");
      case "rememberAll" -> List.of("memories");
      case "recall" -> List.of("query...");
      case "similar" -> List.of("text...");
      case "get" -> List.of("id|key");
      case "revise" -> List.of("id", "text...");
      case "link", "unlink" -> List.of("from", "type", "to");
      case "forget", "erase", "history", "conflict", "resolve" -> List.of("id");
      case "conflicts" -> List.of("status");
      case "diff" -> List.of("id", "from", "to");
      case "revert" -> List.of("id", "revision");
      case "branch" -> List.of("id", "name");
      case "merge" -> List.of("id", "from", "into");
      case "range" -> List.of("from", "to");
      case "scopes" -> List.of("below");
      case "watch" -> List.of("since");
      case "backup", "move", "saveAnchor" -> List.of("to");
      case "restore" -> List.of("from");
      case "export", "import" -> List.of("file");
      case "assemblies.put",
          "assemblies.get",
          "assemblies.members",
          "assemblies.composites",
          "assemblies.forget" ->
          List.of("name");
      case "assemblies.add", "assemblies.remove" -> List.of("name", "members...");
      case "assemblies.similar" -> List.of("text...");
      case "facts.set", "facts.add", "facts.remove" -> List.of("key", "value...");
      case "facts.get", "facts.history" -> List.of("key");
      case "facts.list" -> List.of("prefix");
      case "facts.extract" -> List.of("text...");
      case "execute" -> List.of("code...");
      case "undo" -> List.of("run");
      case "turns.add" -> List.of("role", "text...");
      case "context" -> List.of("query...");
      case "token.revoke" -> List.of("id");
      default -> List.of();
    };
  }

  private static List<String> examples(String method) {
    return switch (method) {
      case "remember" ->
          List.of(
              "remember \"Anna prefers tea\" --tag drinks --scope acme/user:42",
              "remember \"Berlin\" --key city --at 2026-03-01",
              "remember --content '{\"city\": \"Berlin\"}' --metadata '{\"source\": \"form\"}'",
              "remember - < notes.txt");
      case "supersede" -> List.of("supersede --key city Berlin --at 2026-03-01");
      case "rememberAll" -> List.of("rememberAll - < memories.jsonl");
      case "recall" ->
          List.of(
              "recall \"what does Anna drink?\"",
              "recall tea --tag drinks --limit 3 --explain",
              "recall tea --known-at 2026-11-01");
      case "similar" ->
          List.of(
              "similar \"likes hot drinks\"", "similar --id 019aa2f3-6f0e-7c11-8a57-3f1f6d1c9b42");
      case "get" -> List.of("get city", "get 019aa2f3-6f0e-7c11-8a57-3f1f6d1c9b42 --json");
      case "list" ->
          List.of("list --order importance --limit 20", "list --kind episodic --inherit");
      case "range" -> List.of("range 2026-11-01 2026-12-01", "range 2026-11-20 --by recorded");
      case "stream" -> List.of("stream --scope acme --recursive --limit 1000 --json");
      case "saveAnchor" -> List.of("save-anchor /safe/place/anchor.json");
      case "revise" ->
          List.of(
              "revise ID \"Anna prefers green tea\" --message \"she said so\"",
              "revise ID --importance 0.9 --if-revision 2");
      case "link" -> List.of("link ID supports OTHER-ID");
      case "unlink" -> List.of("unlink ID supports OTHER-ID");
      case "forget" ->
          List.of("forget ID --reason \"no longer true\"", "forget --tag draft --scope acme");
      case "erase" ->
          List.of("erase ID --reason \"asked to\" --json > receipt.json", "erase --backups");
      case "history" -> List.of("history ID");
      case "diff" -> List.of("diff ID", "diff ID 1 3");
      case "revert" -> List.of("revert ID 2 --message \"the old wording was right\"");
      case "branch" -> List.of("branch ID draft", "revise ID \"another wording\" --branch draft");
      case "merge" -> List.of("merge ID draft --message \"agreed\"");
      case "scopes" -> List.of("scopes", "scopes acme");
      case "verify" ->
          List.of(
              "verify --deep",
              "verify --save-anchor /safe/place/anchor.json",
              "verify --anchor /safe/place/anchor.json");
      case "backup" -> List.of("backup", "backup /mnt/backups --keep 7d", "backup --every 24h");
      case "restore" -> List.of("--store new-place restore /mnt/backups --until 2026-11-20");
      case "facts.set" ->
          List.of(
              "facts set city Berlin",
              "facts set city Lisbon --at 2026-05-01",
              "facts set size '{\"width\": 3}'");
      case "facts.add" -> List.of("facts add languages German");
      case "facts.remove" -> List.of("facts remove languages German");
      case "facts.get" -> List.of("facts get city", "facts get city --valid-at 2025-01-01");
      case "facts.list" -> List.of("facts list", "facts list user. --inherit");
      case "facts.history" -> List.of("facts history city");
      case "facts.prompt" -> List.of("--scope acme/user:42 facts prompt --max-tokens 500");
      case "turns.add" ->
          List.of(
              "turns add user \"We fly to Lisbon on Friday.\" --speaker Anna",
              "turns add assistant - < answer.txt",
              "turns add --turns '[{\"role\": \"user\", \"text\": \"Hi\"}]' --durable false");
      case "facts.extract" ->
          List.of(
              "facts extract \"Anna: I moved to Bern last week.\"",
              "facts extract - --store false < chat.txt");
      case "execute" -> List.of("execute \"len(list()['memories'])\"", "execute - < program.py");
      case "curate" -> List.of("curate --dry-run", "--scope acme curate --recursive");
      case "undo" -> List.of("undo 019aa2f3-6f0e-7c11-8a57-3f1f6d1c9b42");
      case "turns.list" -> List.of("--scope acme/user:42 turns list --limit 20");
      case "context" ->
          List.of(
              "--scope acme/user:42 context \"when do we leave?\" --max-tokens 800",
              "context --tokenizer o200k_base");
      case "conflicts" -> List.of("conflicts open", "--scope acme/user:42 conflicts");
      case "conflict" -> List.of("conflict ID");
      case "resolve" ->
          List.of(
              "resolve ID --keep newer --message \"she moved\"",
              "resolve ID --merge semantic",
              "resolve ID --dismiss");
      case "assemblies.put" ->
          List.of(
              "assemblies put Rome --description \"the week in May\" --members ID,OTHER-ID",
              "assemblies put Rome --tag travel --importance 0.8");
      case "assemblies.add" -> List.of("assemblies add Rome ID OTHER-ID");
      case "assemblies.remove" -> List.of("assemblies remove Rome ID");
      case "assemblies.forget" -> List.of("assemblies forget Rome --reason \"it is over\"");
      case "assemblies.get" ->
          List.of("assemblies get Rome --bodies", "assemblies get Rome --known-at 2026-11-01");
      case "assemblies.members" -> List.of("assemblies members Rome");
      case "assemblies.composites" -> List.of("assemblies composites Rome --json");
      case "assemblies.list" -> List.of("assemblies list --tag travel", "list --no-tag assembly");
      case "assemblies.similar" ->
          List.of("assemblies similar \"where did we stay?\"", "assemblies similar --id ID");
      case "token.create" ->
          List.of("token create --tool web --verbs read,write --scopes 'acme/**' --expires 30d");
      case "watch" -> List.of("watch", "--scope acme watch --recursive --json", "watch 1200");
      case "log" -> List.of("log", "log --session ID", "log --tool claude --since 2026-11-21");
      case "token.list" -> List.of("token list");
      case "token.revoke" -> List.of("token revoke 5f0c63a1d2e4");
      case "move" -> List.of("move /data/memory");
      case "export" -> List.of("export all.jsonl", "export - | gzip > all.jsonl.gz");
      case "import" -> List.of("import all.jsonl", "import - --strict --scope acme < notes.jsonl");
      default -> List.of(method);
    };
  }

  static @Nullable Command named(String word) {
    for (var command : ALL) {
      if (command.name().equals(word) || dashed(command.name()).equals(word)) {
        return command;
      }
    }
    return null;
  }

  /// The command of two words, the group and the operation in it, or null.
  static @Nullable Command named(String group, String word) {
    return named(group + "." + word);
  }

  /// The operations of a group such as `assemblies`; none where it is no group.
  static List<String> operations(String group) {
    var operations = new ArrayList<String>();
    for (var command : ALL) {
      if (command.name().startsWith(group + ".")) {
        operations.add(command.name().substring(group.length() + 1));
      }
    }
    return operations;
  }

  /// The name as people write it: `assemblies list`.
  String words() {
    return name.replace('.', ' ');
  }

  /// What a line may begin with: commands of one word, and groups of such of two.
  static List<String> firstWords() {
    var words = new LinkedHashSet<String>();
    for (var command : ALL) {
      words.add(command.name().split("\\.", 2)[0]);
    }
    return List.copyOf(words);
  }

  /// The groups, such as `assemblies` and `token`.
  static List<String> groups() {
    return firstWords().stream().filter(word -> !operations(word).isEmpty()).toList();
  }

  static List<String> names() {
    var names = new ArrayList<String>();
    for (var command : ALL) {
      names.add(command.name());
    }
    return names;
  }

  /// `ifRevision` as an option writes it: `if-revision`.
  static String dashed(String name) {
    var out = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (Character.isUpperCase(c)) {
        out.append('-').append(Character.toLowerCase(c));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  /// Whether the method has a parameter of this name.
  boolean takes(String parameter) {
    return method != null && method.parameter(parameter) != null;
  }

  /// Everything that may stand as an option: the method's parameters and the short ways to fill
  /// some of them. `--scope` is an option of every command and not among them.
  List<Option> options() {
    var options = new ArrayList<Option>();
    if (method == null) {
      return name.equals("serve") ? Option.SERVE : options;
    }
    for (var parameter : method.parameters()) {
      if (!parameter.name().equals("scope")) {
        options.add(Option.of(parameter));
      }
    }
    if (method.parameter("tags") != null) {
      options.add(Option.shortcut("tag", Type.TEXT, "one tag; repeat it for more"));
    }
    if (method.parameter("links") != null) {
      options.add(Option.shortcut("link", Type.TEXT, "one link as TYPE:ID; repeat it for more"));
    }
    if (method.parameter("filter") != null) {
      Option.FILTER.stream()
          .filter(option -> method.parameter(option.name()) == null)
          .forEach(options::add);
    }
    return options;
  }

  /// A named option of a command.
  ///
  /// @param parameter the parameter that it fills, or null for a shortcut into another one
  record Option(String name, Type type, String doc, @Nullable Parameter parameter) {
    static final List<String> KINDS =
        List.of("working", "episodic", "semantic", "procedural", "ghost", "soliton");

    /// Shortcuts into `filter`.
    static final List<Option> FILTER =
        List.of(
            shortcut("kind", Type.TEXT, "of this kind; repeat it for more"),
            shortcut("tag", Type.TEXT, "with this tag; repeated, with all of them"),
            shortcut("any-tag", Type.TEXT, "with one of these tags; repeat it for more"),
            shortcut("no-tag", Type.TEXT, "without this tag; repeat it for more"),
            shortcut("since", Type.TIME, "happened from this moment on"),
            shortcut("before", Type.TIME, "happened before this moment"),
            shortcut("importance-min", Type.NUMBER, "at least this important"),
            shortcut("importance-max", Type.NUMBER, "at most this important"),
            shortcut("key-prefix", Type.TEXT, "with a key that begins so"),
            shortcut("tool", Type.TEXT, "recorded through this tool"),
            shortcut("session", Type.TEXT, "recorded in this session"),
            shortcut("pinned", Type.BOOLEAN, "pinned ones, or with =false the others"));

    /// What `serve` takes, which has no method.
    static final List<Option> SERVE =
        List.of(
            shortcut("http", Type.TEXT, "serve HTTP too, at [HOST:]PORT; loopback unless told"),
            shortcut("host", Type.TEXT, "another name of this server; repeat it for more"),
            shortcut("cors", Type.TEXT, "an origin whose web pages may call; repeat it for more"),
            shortcut("tls-cert", Type.PATH, "a certificate chain in PEM"),
            shortcut("tls-key", Type.PATH, "its key in PEM, PKCS#8"));

    static Option of(Parameter parameter) {
      return new Option(dashed(parameter.name()), parameter.type(), parameter.doc(), parameter);
    }

    static Option shortcut(String name, Type type, String doc) {
      return new Option(name, type, doc, null);
    }

    boolean isFlag() {
      return type == Type.BOOLEAN;
    }
  }
}
