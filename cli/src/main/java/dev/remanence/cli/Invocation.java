package dev.remanence.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remanence.Caller;
import dev.remanence.Json;
import dev.remanence.Limits;
import dev.remanence.OpenOptions;
import dev.remanence.Remanence;
import dev.remanence.Remanence.Progress;
import dev.remanence.RemanenceException;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.NotFound;
import dev.remanence.RemanenceException.TooLarge;
import dev.remanence.RemanenceException.Unavailable;
import dev.remanence.Version;
import dev.remanence.daemon.Daemon;
import dev.remanence.daemon.client.ConnectionLost;
import dev.remanence.daemon.client.OwnerCalls;
import dev.remanence.daemon.client.Owners;
import dev.remanence.daemon.client.RpcClient;
import dev.remanence.daemon.http.HttpSettings;
import dev.remanence.daemon.protocol.Conversation.Hello;
import dev.remanence.daemon.protocol.ExitCode;
import dev.remanence.daemon.protocol.Method;
import dev.remanence.daemon.protocol.Protocol;
import dev.remanence.daemon.protocol.RpcLine;
import dev.remanence.daemon.wire.Endpoint;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One run of the command: from its words to its exit code.
final class Invocation {
  /// Text on stdin may be as long as a content may be, plus what JSON adds around memories.
  private static final int STDIN_BYTES_MAX = RpcLine.LINE_BYTES_MAX;

  /// Under which name this program's writes are recorded.
  private static final String TOOL = "cli";

  private static final int OUTPUT_BUFFER_BYTES = 1 << 14;
  private final Map<String, String> environment;
  private final InputStream in;
  private final OutputStream out;
  private final OutputStream err;
  private final Terminal terminal;
  private @Nullable Command command;

  Invocation(
      Map<String, String> environment,
      InputStream in,
      OutputStream out,
      OutputStream err,
      Terminal terminal) {
    this.environment = environment;
    this.in = in;
    this.out = new BufferedOutputStream(out, OUTPUT_BUFFER_BYTES);
    this.err = err;
    this.terminal = terminal;
  }

  ExitCode run(String... words) {
    var complaints = new Complaints(environment, err, wantsJson(words));
    try {
      requireReadable(words);
      var call = new Arguments(environment, this::stdin).parse(words);
      var code = answer(call);
      out.flush();
      return code;
    } catch (RemanenceException failure) {
      flushQuietly();
      return complaints.failed(failure, command);
    } catch (IOException failure) {
      return complaints.unwritten(failure);
    } catch (RuntimeException | Error fault) {
      return complaints.fault(fault);
    }
  }

  /// What was answered before a failure, as by `export -`, stands before its message.
  private void flushQuietly() {
    try {
      out.flush();
    } catch (IOException _) {
      // The failure that is about to be told came first.
    }
  }

  /// Known before the words are understood, so that a mistake in them is told in JSON too.
  private static boolean wantsJson(String... words) {
    for (var word : words) {
      if (word.equals("--")) {
        return false;
      }
      if (word.equals("--json") || word.equals("--json=true")) {
        return true;
      }
    }
    return false;
  }

  /// Java decodes arguments by the locale; where that is not UTF-8, other characters were lost
  /// before we saw them.
  private static void requireReadable(String... words) {
    if ("UTF-8".equalsIgnoreCase(System.getProperty("sun.jnu.encoding", "UTF-8"))) {
      return;
    }
    for (var word : words) {
      if (word.chars().anyMatch(c -> c > 127)) {
        throw new InvalidInput(
            "the locale is not UTF-8, so this argument was not read as it was written; set"
                + " LC_ALL=C.UTF-8, or give the text on stdin with -");
      }
    }
  }

  private ExitCode answer(Call call) throws IOException {
    command = call.command();
    if (command == null) {
      print(new Help(terminal).page());
      return call.help() ? ExitCode.DONE : ExitCode.USAGE;
    }
    if (call.help()) {
      print(new Help(terminal).page(command));
      return ExitCode.DONE;
    }
    var method = command.method();
    if (method != null) {
      return answer(call, method);
    }
    return switch (command.name()) {
      case "pipe" -> pipe(call);
      case "serve" -> serve(call);
      case "top" -> top(call);
      case "install" -> install(call);
      case "help" -> help(call.argument());
      case "version" -> version(call.json());
      case "completion" -> {
        print(Completion.script(call.argument()));
        yield ExitCode.DONE;
      }
      default -> throw new AssertionError(command.name());
    };
  }

  private ExitCode answer(Call call, Method method) throws IOException {
    if (method.name().equals("stop")) {
      return stop(call, method);
    }
    if (method.name().equals("watch")) {
      return watch(call);
    }
    if (!method.needsStore() && !isServed(call, method)) {
      return answer(call, method, answerOverDirectory(call, method));
    }
    try (var reach = reach(call, method.name())) {
      boolean streams =
          isStream(method.name())
              && call.params().get("file") instanceof Json.Str(var file)
              && file.equals("-");
      try (var progress = progress(call, method)) {
        Progress told = progress == null ? Progress.NONE : progress;
        if (streams && method.name().equals("export")) {
          reach.exportTo(out, told);
          return ExitCode.DONE;
        }
        return answer(
            call,
            method,
            streams
                ? reach.importFrom(in, call.params(), told)
                : reach.dispatch(method.name(), call.params(), told));
      }
    }
  }

  private Json answerOverDirectory(Call call, Method method) {
    try (var progress = progress(call, method)) {
      return Protocol.dispatch(
          call.store(), method.name(), call.params(), progress == null ? Progress.NONE : progress);
    }
  }

  /// Whether somebody has the store open who can answer this. One who cannot, because it wants the
  /// store closed, is asked to end.
  private boolean isServed(Call call, Method method) {
    if (!usesOwner()) {
      return false;
    }
    try (var owner = Owners.find(call.store(), hello(call))) {
      if (owner == null || method.isForOpenStore()) {
        return owner != null;
      }
      Owners.stop(call.store(), owner);
      return false;
    }
  }

  private ExitCode stop(Call call, Method method) throws IOException {
    try (var owner = Owners.find(call.store(), hello(call))) {
      if (owner == null) {
        throw new NotFound(
            "nobody serves the store " + call.store() + ": there is nothing to stop",
            "store",
            call.store().toString());
      }
      return answer(call, method, Owners.stop(call.store(), owner));
    }
  }

  /// Until a signal, or until whoever reads goes away. Goes on with the next owner after the last
  /// event that was told.
  private ExitCode watch(Call call) throws IOException {
    var fields = new LinkedHashMap<>(call.params().fields());
    while (true) {
      try (var owner =
          usesOwner()
              ? Owners.findOrStart(call.store(), hello(call), false)
              : present(call, hello(call))) {
        fields.put("since", Json.of(owner.watch(new Json.Obj(fields))));
        while (true) {
          var event = owner.nextEvent();
          printEvent(call, event);
          fields.put("since", Objects.requireNonNull(event.get("position")));
        }
      } catch (ConnectionLost _) {
        // The owner ended: the next one tells the rest.
      }
    }
  }

  private void printEvent(Call call, Json.Obj event) throws IOException {
    print(
        call.json()
            ? terminal.safe(event.toString()) + "\n"
            : new Rendering(terminal, Instant.now()).of("watch", event, call.params()));
    out.flush();
  }

  /// Whatever takes long enough says how far it is, where somebody looks.
  private @Nullable ProgressLine progress(Call call, Method method) {
    return terminal.err() && !call.json() ? new ProgressLine(err, method.name()) : null;
  }

  private static boolean isStream(String method) {
    return method.equals("export") || method.equals("import");
  }

  private ExitCode answer(Call call, Method method, Json answer) throws IOException {
    if (call.json()) {
      print(terminal.safe(answer.toString()) + "\n");
    } else {
      print(
          new Rendering(terminal, Instant.now())
              .of(method.name(), (Json.Obj) answer, call.params()));
    }
    return verdict(method.name(), (Json.Obj) answer);
  }

  /// An answer that is bad news ends the command with a code of its own.
  private static ExitCode verdict(String method, Json.Obj answer) {
    return switch (method) {
      case "verify" -> Boolean.TRUE.equals(answer.bool("sound")) ? ExitCode.DONE : ExitCode.DAMAGED;
      case "import" ->
          answer.get("bad") instanceof Json.Num bad && bad.longValue() > 0
              ? ExitCode.REFUSED
              : ExitCode.DONE;
      case "erase" -> hasFailed(answer) ? ExitCode.REFUSED : ExitCode.DONE;
      case "doctor" -> hasProblem(answer) ? ExitCode.REFUSED : ExitCode.DONE;
      default -> ExitCode.DONE;
    };
  }

  private static boolean hasProblem(Json.Obj answer) {
    return answer.get("findings") instanceof Json.Arr(var findings)
        && findings.stream()
            .anyMatch(finding ->
                finding instanceof Json.Obj object && "problem".equals(object.string("severity")));
  }

  private static boolean hasFailed(Json.Obj answer) {
    return answer.get("backups") instanceof Json.Arr(var backups)
        && backups.stream()
            .anyMatch(backup ->
                backup instanceof Json.Obj object && "failed".equals(object.string("outcome")));
  }

  private ExitCode pipe(Call call) throws IOException {
    try (var reach = reach(call, "pipe")) {
      new Pipe(reach, in, out).run();
      return ExitCode.DONE;
    }
  }

  /// `serve`: the daemon in this process, for a supervisor or a terminal.
  private ExitCode serve(Call call) {
    var idle = call.argument();
    new Daemon(call.store(), true, Daemon.idle(idle == null ? "never" : idle), http(call)).run();
    return ExitCode.DONE;
  }

  /// What the options ask for; without `--http`, what the environment does.
  private @Nullable HttpSettings http(Call call) {
    var params = call.params();
    var where = params.string("http");
    if (where == null && params.fields().isEmpty()) {
      return HttpSettings.ofEnvironment(environment);
    }
    if (where == null) {
      throw new InvalidInput("--host, --cors and --tls belong to --http", "field", "http");
    }
    var certificate = params.string("tls-cert");
    var key = params.string("tls-key");
    return HttpSettings.of(
        where,
        texts(params, "host"),
        texts(params, "cors"),
        certificate == null ? null : Path.of(certificate),
        key == null ? null : Path.of(key));
  }

  private static List<String> texts(Json.Obj params, String name) {
    var texts = new ArrayList<String>();
    var list = params.array(name);
    if (list != null) {
      list.items().forEach(item -> texts.add(((Json.Str) item).value()));
    }
    return texts;
  }

  private ExitCode top(Call call) throws IOException {
    try (var reach = reach(call, "activity")) {
      var none = Json.object().build();
      new Top(terminal, out, () -> (Json.Obj) reach.dispatch("activity", none, Progress.NONE))
          .run();
      return ExitCode.DONE;
    }
  }

  private ExitCode install(Call call) throws IOException {
    if (!"systemd".equals(call.argument())) {
      throw new InvalidInput(
          "install is followed by systemd; found "
              + (call.argument() == null ? "nothing" : call.argument()),
          "field",
          "what");
    }
    var launcher = System.getProperty("remanence.launcher");
    if (launcher == null) {
      throw new Unavailable("the units run the launcher, and this is not run by one", null);
    }
    print(new SystemdUnits(call.store(), Path.of(launcher), environment).install());
    return ExitCode.DONE;
  }

  private ExitCode help(@Nullable String word) throws IOException {
    var help = new Help(terminal);
    if (word == null) {
      print(help.page());
      return ExitCode.DONE;
    }
    var command = Command.named(word);
    if (command == null) {
      throw new InvalidInput("unknown command '" + word + "'; see: remanence help");
    }
    print(help.page(command));
    return ExitCode.DONE;
  }

  private static String version() {
    var implementation = Main.class.getPackage().getImplementationVersion();
    return implementation == null ? "unpackaged" : implementation;
  }

  private ExitCode version(boolean json) throws IOException {
    var version = version();
    var java = Runtime.version().toString();
    print(
        json
            ? Json.object().put("version", version).put("java", java).build() + "\n"
            : "remanence " + version + " (Java " + java + ")\n");
    return ExitCode.DONE;
  }

  /// Through the owner, who is started where there is none, unless the environment says
  /// `REMANENCE_DAEMON=off`. Only commands that bring something in make a store that is not there.
  private Reach reach(Call call, String command) {
    boolean creates =
        switch (command) {
          case "remember",
              "rememberAll",
              "supersede",
              "import",
              "facts.set",
              "facts.add",
              "facts.extract",
              "execute",
              "turns.add",
              "assemblies.put",
              "pipe",
              "token.create" ->
              true;
          default -> false;
        };
    Limits.scope(call.scope());
    if (usesOwner()) {
      var calls =
          new OwnerCalls(
              hello ->
                  command.equals("status") || command.equals("activity")
                      ? present(call, hello)
                      : Owners.findOrStart(call.store(), hello, creates),
              hello(call));
      return new OwnerReach(calls);
    }
    var options = OpenOptions.DEFAULT.create(creates).tool(TOOL).shared(false);
    return new OwnReach(Remanence.open(call.store(), options), call.scope());
  }

  private boolean usesOwner() {
    return !"off".equals(environment.get("REMANENCE_DAEMON"));
  }

  private static RpcClient present(Call call, Hello hello) {
    var owner = Owners.find(call.store(), hello);
    if (owner == null) {
      throw new NotFound(
          "nobody serves the store "
              + call.store()
              + "; any command that asks it starts the daemon",
          "store",
          call.store().toString());
    }
    return owner;
  }

  private Hello hello(Call call) {
    return new Hello(
        Caller.of(TOOL),
        Version.TEXT,
        null,
        call.scope(),
        Endpoint.PROTOCOL,
        terminal.err(),
        null,
        null);
  }

  private void print(String text) throws IOException {
    out.write(text.getBytes(UTF_8));
  }

  /// All of stdin as text, without the newline that ends it.
  private String stdin() {
    try {
      var bytes = in.readNBytes(STDIN_BYTES_MAX + 1);
      if (bytes.length > STDIN_BYTES_MAX) {
        throw new TooLarge(
            "stdin has at most " + STDIN_BYTES_MAX + " bytes; use a file, import or pipe for more",
            "field",
            "stdin",
            "max",
            STDIN_BYTES_MAX);
      }
      var text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      int end = text.endsWith("\r\n") ? 2 : text.endsWith("\n") ? 1 : 0;
      return text.substring(0, text.length() - end);
    } catch (CharacterCodingException _) {
      throw new InvalidInput("stdin is text in UTF-8; found other bytes", "field", "stdin");
    } catch (IOException failure) {
      throw new Unavailable("cannot read stdin: " + failure.getMessage(), failure);
    }
  }
}
