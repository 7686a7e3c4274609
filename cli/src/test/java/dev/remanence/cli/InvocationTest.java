package dev.remanence.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remanence.Json;
import dev.remanence.daemon.protocol.ExitCode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whole commands over a real store: what they print, where, and their exit codes.
final class InvocationTest {
  @TempDir private Path directory;

  private record Ran(ExitCode code, String out, String err) {
    Json.Obj json() {
      assertThat(out.lines()).hasSize(1);
      return (Json.Obj) Json.parse(out.strip());
    }
  }

  private Ran run(String... words) {
    return feed("", words);
  }

  private Ran feed(String stdin, String... words) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var code = run(new ByteArrayInputStream(stdin.getBytes(UTF_8)), out, err, words);
    return new Ran(code, out.toString(UTF_8), err.toString(UTF_8));
  }

  private ExitCode run(InputStream in, OutputStream out, OutputStream err, String... words) {
    return run(Terminal.NONE, in, out, err, words);
  }

  private ExitCode run(
      Terminal terminal, InputStream in, OutputStream out, OutputStream err, String... words) {
    var environment =
        Map.of("REMANENCE_STORE", directory.resolve("store").toString(), "REMANENCE_DAEMON", "off");
    return new Invocation(environment, in, out, err, terminal).run(words);
  }

  /// What stderr shows where it is a terminal, or is none.
  private String shown(boolean isTerminal, String... words) {
    var err = new ByteArrayOutputStream();
    var terminal = new Terminal(false, isTerminal, false, 80);
    var none = new ByteArrayInputStream(new byte[0]);
    assertThat(run(terminal, none, OutputStream.nullOutputStream(), err, words))
        .isEqualTo(ExitCode.DONE);
    return err.toString(UTF_8);
  }

  @Test
  void longCommands_sayHowFarTheyAreOnATerminalOnly() {
    var lines = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      lines.append("{\"text\":\"memory ").append(i).append("\"}\n");
    }
    feed(lines.toString(), "import", "-", "--defer");
    assertThat(shown(true, "verify", "--deep")).contains("verify ").endsWith("\r\u001b[K");
    assertThat(shown(true, "repair")).contains("repair ").endsWith("\r\u001b[K");
    assertThat(shown(true, "verify", "--deep", "--json")).isEmpty();
    assertThat(shown(false, "verify", "--deep")).isEmpty();
  }

  private String remember(String text) {
    return requireNonNull(run("remember", text, "--json").json().string("id"));
  }

  @Test
  void remember_then_recall_get_list() {
    var id = remember("Anna prefers tea");
    assertThat(run("recall", "tea").out()).contains("Anna prefers tea").contains(id);
    assertThat(run("get", id).out()).startsWith("Anna prefers tea\n\n");
    assertThat(run("list").out()).startsWith(id);
    assertThat(run("get", id, "--json").json().string("text")).isEqualTo("Anna prefers tea");
  }

  @Test
  void remember_fromStdin_withoutTheLastNewline() {
    var id = feed("two\nlines\n", "remember", "-", "--json").json().string("id");
    assertThat(run("get", requireNonNull(id), "--json").json().string("text"))
        .isEqualTo("two\nlines");
  }

  @Test
  void remember_stdinNotUtf8_isUsage() {
    var err = new ByteArrayOutputStream();
    var in = new ByteArrayInputStream(new byte[] {(byte) 0xff, (byte) 0xfe});
    assertThat(run(in, new ByteArrayOutputStream(), err, "remember", "-"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(err.toString(UTF_8))
        .isEqualTo("remanence: stdin is text in UTF-8; found other bytes\n");
  }

  @Test
  void erase_backups_saysWhatBecameOfEachAndFailsWhereOneFailed() throws IOException {
    var id = remember("Anna prefers tea");
    var to = directory.resolve("backups").toString();
    var kept = requireNonNull(run("backup", to, "--json").json().string("file"));
    var lost = requireNonNull(run("backup", to, "--json").json().string("file"));
    assertThat(run("erase", id).out()).contains("still held by the backup " + kept);
    var ran = run("erase", "--backups");
    assertThat(ran.code()).isEqualTo(ExitCode.DONE);
    assertThat(ran.out()).contains("rewritten  " + kept).contains("1 receipt signed anew");
    Files.delete(Path.of(lost));
    var failed = run("erase", "--backups");
    assertThat(failed.code()).isEqualTo(ExitCode.REFUSED);
    assertThat(failed.out()).contains("failed  " + lost + "\n  there is no backup at " + lost);
    assertThat(run("erase", id, "--backups").code()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void get_unknown_isOne() {
    remember("a");
    var ran = run("get", "none");
    assertThat(ran.code().number()).isEqualTo(1);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).startsWith("remanence: ").endsWith("\n");
  }

  @Test
  void usage_isTwo_inJsonToo() {
    var ran = run("rember", "a");
    assertThat(ran.code().number()).isEqualTo(2);
    assertThat(ran.err())
        .isEqualTo(
            "remanence: unknown command 'rember'; did you mean remember? See: remanence help\n");
    var json = run("rember", "a", "--json");
    assertThat(json.code().number()).isEqualTo(2);
    assertThat(json.err())
        .startsWith("{\"error\":{\"code\":-32000,\"message\":\"unknown command")
        .contains("\"data\":{\"name\":\"InvalidInput\"");
  }

  @Test
  void read_missingStore_isThreeAndMakesNone() {
    var ran = run("list");
    assertThat(ran.code().number()).isEqualTo(3);
    assertThat(ran.err()).startsWith("remanence: ");
    assertThat(directory.resolve("store")).doesNotExist();
  }

  @Test
  void nothing_isHelpAndUsage() {
    var ran = run();
    assertThat(ran.code().number()).isEqualTo(2);
    assertThat(ran.out()).contains("Usage").contains("remember");
    assertThat(run("--help").code().number()).isZero();
    assertThat(run("help", "recall").out()).isEqualTo(run("recall", "--help").out());
    assertThat(run("help", "nonsense").code().number()).isEqualTo(2);
  }

  @Test
  void version_tells() {
    assertThat(run("version").out()).startsWith("remanence ");
    assertThat(run("--version", "--json").json().string("java")).isNotNull();
  }

  @Test
  void pipe_answersAndEnds() {
    var ran =
        feed(
            """
            {"jsonrpc":"2.0","id":1,"method":"remember","params":{"text":"a"}}
            {"jsonrpc":"2.0","id":2,"method":"recall","params":{"query":"a"}}
            """,
            "pipe");
    assertThat(ran.code()).isEqualTo(ExitCode.DONE);
    assertThat(ran.out().lines()).hasSize(2);
  }

  @Test
  void verify_aFlippedByte_isFour() throws IOException {
    remember("a text that is long enough to be found again in the file of the journal");
    assertThat(run("verify", "--deep").code()).isEqualTo(ExitCode.DONE);
    damage();
    var ran = run("verify", "--deep");
    assertThat(ran.code().number()).isEqualTo(4);
    assertThat(ran.out() + ran.err()).contains("repair");
  }

  /// Overwrites the middle of the largest file of the store.
  private void damage() throws IOException {
    try (var files = Files.walk(directory.resolve("store"))) {
      var largest =
          files
              .filter(Files::isRegularFile)
              .max((a, b) -> Long.compare(a.toFile().length(), b.toFile().length()))
              .orElseThrow();
      var bytes = Files.readAllBytes(largest);
      for (int i = bytes.length / 8; i < bytes.length; i += 512) {
        bytes[i] ^= 0x55;
      }
      Files.write(largest, bytes);
    }
  }

  @Test
  void export_import_throughStreams() {
    remember("a");
    var exported = run("export", "-");
    assertThat(exported.out().lines()).isNotEmpty();
    var out = new ByteArrayOutputStream();
    var code =
        run(
            new ByteArrayInputStream(exported.out().getBytes(UTF_8)),
            out,
            OutputStream.nullOutputStream(),
            "--store",
            directory.resolve("other").toString(),
            "import",
            "-",
            "--json");
    assertThat(code).isEqualTo(ExitCode.DONE);
    assertThat(((Json.Obj) Json.parse(out.toString(UTF_8).strip())).get("bad"))
        .isEqualTo(Json.of(0L));
  }

  @Test
  void import_badLine_isLeftOutAndOne() {
    var ran = feed("{\"text\":\"good\"}\nnonsense\n", "import", "-");
    assertThat(ran.code().number()).isEqualTo(1);
    assertThat(ran.out()).contains("1 left out").contains("line 2");
    assertThat(run("list").out()).contains("good");
  }

  @Test
  void output_readerGone_endsQuietly() {
    remember("a");
    var err = new ByteArrayOutputStream();
    assertThat(run(InputStream.nullInputStream(), failing("Broken pipe"), err, "list"))
        .isEqualTo(ExitCode.DONE);
    assertThat(err.toString(UTF_8)).isEmpty();
  }

  @Test
  void output_lost_isAnError() {
    remember("a");
    var err = new ByteArrayOutputStream();
    assertThat(run(InputStream.nullInputStream(), failing("No space left on device"), err, "list"))
        .isEqualTo(ExitCode.DISK_FULL);
    assertThat(err.toString(UTF_8))
        .startsWith(
            "remanence: what was asked for may be done, but its answer cannot be written: No space left");
  }

  private static OutputStream failing(String reason) {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException(reason);
      }
    };
  }

  @Test
  void assemblies_areCommandsOfTwoWords() {
    var flight = remember("a flight at nine");
    var hotel = remember("a hotel near the river");
    assertThat(run("assemblies", "put", "Rome", "--description", "in May", "--tag", "travel").out())
        .startsWith("created");
    assertThat(run("assemblies", "add", "Rome", flight, hotel).out()).startsWith("revision 2");
    assertThat(run("assemblies", "list").out()).contains("Rome  2 members  in May");
    var whole = run("assemblies", "get", "Rome", "--bodies").out();
    assertThat(whole).startsWith("Rome\nin May\n\n").contains("a hotel near the river");
    assertThat(run("assemblies.get", "Rome", "--json").json().string("name")).isEqualTo("Rome");
    assertThat(run("list").out()).contains("assembly:Rome = Rome");
    assertThat(run("list", "--no-tag", "assembly").out()).doesNotContain("Rome");
    assertThat(run("recall", "Rome").out()).contains("#assembly").contains("in May");
    assertThat(run("assemblies", "remove", "Rome", flight).out()).startsWith("revision 3");
    assertThat(run("assemblies", "forget", "Rome").out()).isEqualTo("1 assembly forgotten\n");
    assertThat(run("assemblies", "list").out()).isEqualTo("nothing is there\n");
    assertThat(run("assemblies", "get", "Rome").code().number()).isEqualTo(1);
  }

  @Test
  void assemblies_withoutOrWithAnUnknownOperation_namesThem() {
    for (var ran : List.of(run("assemblies"), run("assemblies", "lst"))) {
      assertThat(ran.code().number()).isEqualTo(2);
      assertThat(ran.err())
          .isEqualTo(
              "remanence: assemblies is followed by one of put, add, remove, forget, get,"
                  + " members, composites, list, similar. See: remanence help\n");
    }
    assertThat(run("help", "assemblies", "list").out())
        .isEqualTo(run("assemblies", "list", "--help").out())
        .contains("remanence assemblies list");
  }
}
