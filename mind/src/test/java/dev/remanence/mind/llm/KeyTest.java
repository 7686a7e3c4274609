package dev.remanence.mind.llm;

import static dev.remanence.mind.llm.ModelServer.http;
import static dev.remanence.mind.llm.ModelServer.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remanence.RemanenceException;
import dev.remanence.RemanenceException.Forbidden;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.testkit.TestClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The key is sent to the endpoint and is nowhere else.
class KeyTest {
  private static final String SECRET = ModelTest.SECRET;

  @TempDir Path directory;

  private Path file(String text, String permissions) throws IOException {
    var file = Files.writeString(directory.resolve("key"), text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  private static Key ofFile(Path file) {
    return new Key(Map.of(Key.FILE_VARIABLE, file.toString())::get);
  }

  @Test
  void read_file_isTheKeyWithoutItsLineEnd() throws IOException {
    assertThat(ofFile(file(SECRET + "\n", "rw-------")).read()).isEqualTo(SECRET);
    assertThat(ofFile(file(SECRET, "r--------")).read()).isEqualTo(SECRET);
  }

  @Test
  void read_fileThatOthersMayRead_isForbidden() throws IOException {
    for (var permissions : List.of("rw-r-----", "rw----r--", "rw--w----")) {
      var key = ofFile(file(SECRET, permissions));
      assertThatThrownBy(key::read).isInstanceOf(Forbidden.class).hasMessageNotContaining(SECRET);
    }
  }

  @Test
  void read_whatIsNoKey_isRefusedWithoutRepeatingIt() throws IOException {
    for (var text : List.of("", "two\nlines", SECRET + " \u00e9", "x".repeat(9000))) {
      var key = ofFile(file(text, "rw-------"));
      assertThatThrownBy(key::read)
          .isInstanceOf(InvalidInput.class)
          .hasMessageNotContaining(SECRET);
      Files.delete(directory.resolve("key"));
    }
    assertThatThrownBy(new Key(Map.of(Key.VARIABLE, SECRET + "\r\nX: y")::get)::read)
        .isInstanceOf(InvalidInput.class)
        .hasMessageNotContaining(SECRET);
    assertThatThrownBy(new Key(Map.of(Key.VARIABLE, SECRET, Key.FILE_VARIABLE, "file")::get)::read)
        .isInstanceOf(InvalidInput.class);
    assertThat(new Key(_ -> null).read()).isNull();
  }

  @Test
  void key_whateverTheServerDoes_isInNoLogErrorFileOrText() throws Exception {
    var seen = Collections.synchronizedList(new ArrayList<String>());
    var listener = new Listener(seen);
    var loggers = List.of(Logger.getLogger("dev.remanence"), Logger.getLogger("jdk.httpclient"));
    loggers.forEach(logger -> {
      logger.addHandler(listener);
      logger.setLevel(Level.ALL);
    });
    try (var server = new ModelServer()) {
      var echo = "{\"error\":{\"message\":\"Incorrect API key provided: " + SECRET + "\"}}";
      var wrong = SECRET + " is no JSON";
      for (var dialect : List.of("openai", "anthropic", "ollama")) {
        for (var reply :
            List.of(
                http(401, echo, "X-Echo", SECRET),
                http(500, echo),
                http(200, echo),
                http(200, wrong),
                http(302, "", "Location", "http://example.org/" + SECRET),
                says("{\"colour\":\"" + SECRET + "\"}"),
                (exchange, _) -> exchange.close())) {
          server.replyWith(reply);
          var model =
              new Model(
                  Endpoint.parse(dialect + ":" + server.address() + "#m"),
                  Map.of(Key.VARIABLE, SECRET)::get,
                  directory,
                  new TestClock(Instant.parse("2026-11-21T10:00:00Z")),
                  new SplittableRandom(1),
                  Duration.ofMillis(1));
          try (model) {
            for (int i = 0; i < 6; i++) {
              model.ask(ModelTest.PROMPT, ModelTest.COLOUR);
            }
          } catch (RemanenceException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
              seen.add(cause + " " + e.facts());
            }
          }
          seen.add(model.toString() + ModelTest.PROMPT);
        }
      }
      assertThat(server.requests()).hasSizeGreaterThan(20);
    } finally {
      loggers.forEach(logger -> {
        logger.removeHandler(listener);
        logger.setLevel(null);
      });
    }
    seen.add(Files.readString(directory.resolve(Budget.FILE)));
    assertThat(seen).hasSizeGreaterThan(30).noneMatch(text -> text.contains(SECRET));
  }

  private static final class Listener extends Handler {
    private final List<String> seen;

    Listener(List<String> seen) {
      this.seen = seen;
      setLevel(Level.ALL);
    }

    @Override
    public void publish(LogRecord record) {
      seen.add(new SimpleFormatter().format(record));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
