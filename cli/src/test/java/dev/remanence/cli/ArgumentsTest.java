package dev.remanence.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remanence.Json;
import dev.remanence.RemanenceException.InvalidInput;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ArgumentsTest {
  private static final String ID = "019aa2f3-6f0e-7c11-8a57-3f1f6d1c9b42";

  private static Call parse(String... words) {
    return new Arguments(Map.of(), () -> "from stdin").parse(words);
  }

  /// Words of a line, parted by spaces; `_` stands for a space within a word.
  private static String[] words(String line) {
    var words = line.strip().split(" +", -1);
    for (int i = 0; i < words.length; i++) {
      words[i] = words[i].replace('_', ' ').replace("ID", ID);
    }
    return words;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          remember Anna_prefers_tea                | {"text":"Anna prefers tea"}
          remember Anna prefers tea                | {"text":"Anna prefers tea"}
          remember -                               | {"text":"from stdin"}
          remember --text -                        | {"text":"from stdin"}
          remember -- --json                       | {"text":"--json"}
          remember a --tag x --tag y,z             | {"text":"a","tags":["x","y,z"]}
          remember a --tags x,y --tag z            | {"text":"a","tags":["x","y","z"]}
          remember a --pinned                      | {"text":"a","pinned":true}
          remember a --pinned=false                | {"text":"a","pinned":false}
          remember a --no-pinned                   | {"text":"a","pinned":false}
          remember a --importance 0.9              | {"text":"a","importance":0.9}
          remember a --metadata {"n":1}            | {"text":"a","metadata":{"n":1}}
          remember --content [1]                   | {"content":[1]}
          remember a --key=k=v                     | {"text":"a","key":"k=v"}
          remember a --link supports:ID            | {"text":"a","links":[{"type":"supports","to":"ID"}]}
          --tag x --pinned remember a              | {"tags":["x"],"pinned":true,"text":"a"}
          --scope acme remember a                  | {"text":"a","scope":"acme"}
          remember a --scope acme                  | {"text":"a","scope":"acme"}
          remember-all [{"text":"a"}]              | {"memories":[{"text":"a"}]}
          rememberAll {"text":"a"}                 | {"memories":[{"text":"a"}]}
          get ID                                   | {"id":"ID"}
          get city                                 | {"key":"city"}
          get --id ID --known-at 2026-01-01        | {"id":"ID","knownAt":"2026-01-01"}
          get --id ID --knownAt 2026-01-01         | {"id":"ID","knownAt":"2026-01-01"}
          recall what is tea --limit 3             | {"limit":3,"query":"what is tea"}
          recall tea --no-inherit                  | {"inherit":false,"query":"tea"}
          list --kind ghost --kind working         | {"filter":{"kind":["ghost","working"]}}
          list --tag a --tag b --no-tag c          | {"filter":{"tags":{"all":["a","b"],"none":["c"]}}}
          list --filter {"tool":"x"} --session s   | {"filter":{"tool":"x","session":"s"}}
          list --since 2026-01-01 --before 2026-02-01 | {"filter":{"at":{"from":"2026-01-01","to":"2026-02-01"}}}
          list --importance-min 0.5 --pinned       | {"filter":{"importance":{"min":0.5},"pinned":true}}
          range 2026-01-01 2026-02-01 --by at      | {"by":"at","from":"2026-01-01","to":"2026-02-01"}
          revise ID new_text --if-revision 2       | {"ifRevision":2,"id":"ID","text":"new text"}
          revise ID --until null                   | {"until":null,"id":"ID"}
          link ID supports ID                      | {"from":"ID","type":"supports","to":"ID"}
          diff ID 1 2                              | {"id":"ID","from":1,"to":2}
          merge ID draft                           | {"id":"ID","from":"draft"}
          backup --every 24h --keep 7d --count 3   | {"every":"24h","keep":"7d","count":3}
          export -                                 | {"file":"-"}
          scopes acme                              | {"below":"acme"}
          """)
  void parse_words_fillParams(String line, String params) {
    assertThat(parse(words(line)).params()).isEqualTo(Json.parse(params.replace("ID", ID)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          conduct                     | unknown command 'conduct'; see: remanence help
          rember a                    | unknown command 'rember'; did you mean remember? See: remanence help
          remember a --tga x          | remember has no option --tga; did you mean --tag? See: remanence help remember
          remember a --key            | --key needs a value
          remember a --pinned=maybe   | --pinned is true or false; found maybe
          remember a --importance x   | --importance is a number; found x
          recall a --limit x          | --limit is a whole number; found x
          remember a --metadata {     | --metadata is JSON: *
          remember a --text b         | text is given twice
          remember a --link x         | --link is TYPE:ID, such as supports:019aa2f3-…; found x
          list x                      | list takes no argument; found 'x'. See: remanence help list
          get a b                     | get takes fewer arguments; found 'b'. See: remanence help get
          stats --scope a             | stats takes no --scope
          list -x                     | unknown option -x; options begin with --, and -- alone ends them
          --jsn list                  | --jsn stands without a command; did you mean --json? See: remanence help
          --tag list                  | --tag stands without a command. See: remanence help
          list --store=               | --store is a directory; found ''
          """)
  void parse_mistake_isExplained(String line, String message) {
    assertThatThrownBy(() -> parse(words(line)))
        .isInstanceOf(InvalidInput.class)
        .message()
        .satisfies(found -> {
          if (message.endsWith("*")) {
            assertThat(found).startsWith(message.substring(0, message.length() - 1));
          } else {
            assertThat(found).isEqualTo(message);
          }
        });
  }

  @Test
  void parse_environment_isTheDefaultOnly() {
    var environment = Map.of("REMANENCE_STORE", "/data/memory", "REMANENCE_SCOPE", "acme");
    var call = new Arguments(environment, () -> "").parse("erase");
    assertThat(call.store()).isEqualTo(Path.of("/data/memory"));
    assertThat(call.scope()).isEqualTo("acme");
    assertThat(call.params().fields()).isEmpty();
    var named =
        new Arguments(environment, () -> "").parse("--store", "/tmp/x", "list", "--scope=b");
    assertThat(named.store()).isEqualTo(Path.of("/tmp/x"));
    assertThat(named.scope()).isEqualTo("b");
  }

  @Test
  void parse_nothing_isTheStandard() {
    var call = parse();
    assertThat(call.command()).isNull();
    assertThat(call.store()).isEqualTo(Path.of(System.getProperty("user.home"), ".remanence"));
    assertThat(call.scope()).isEqualTo("global");
    assertThat(call.json()).isFalse();
  }

  @Test
  void parse_help_needsNothingElseToBeRight() {
    assertThat(parse("remember", "--help", "--nonsense").help()).isTrue();
    assertThat(parse("-h").help()).isTrue();
  }

  @Test
  void parse_memories_ofLines() {
    var call =
        new Arguments(Map.of(), () -> "{\"text\":\"a\"}\n\n{\"text\":\"b\"}\n")
            .parse("rememberAll", "-");
    assertThat(call.params()).hasToString("{\"memories\":[{\"text\":\"a\"},{\"text\":\"b\"}]}");
  }

  @Test
  void options_haveOneArityEach() {
    for (var command : Command.ALL) {
      for (var option : command.options()) {
        for (var other : Command.ALL) {
          for (var same : other.options()) {
            if (same.name().equals(option.name())) {
              assertThat(same.isFlag()).as(option.name()).isEqualTo(option.isFlag());
            }
          }
        }
      }
    }
  }

  @Test
  void arguments_areParametersOfTheirMethod() {
    for (var command : Command.ALL) {
      var method = command.method();
      if (method != null) {
        for (var argument : command.arguments()) {
          for (var name : argument.replace("...", "").split("\\|", -1)) {
            assertThat(method.parameter(name)).as(command.name() + " " + name).isNotNull();
          }
        }
      }
    }
  }
}
