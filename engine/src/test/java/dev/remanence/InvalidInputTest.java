package dev.remanence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.remanence.RemanenceException.FormatTooNew;
import dev.remanence.RemanenceException.FormatTooOld;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.NotFound;
import dev.remanence.RemanenceException.TooLarge;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Bad input gets a typed error and changes nothing; odd but valid input is kept as it is.
class InvalidInputTest {
  @TempDir Path directory;
  private Remanence store;

  @BeforeEach
  void open() {
    store = Remanence.open(directory.resolve("store"));
  }

  /// Nothing that was refused has left a trace.
  @AfterEach
  void nothingChanged() {
    store.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "a/",
        "/a",
        "a//b",
        "a b",
        "a\nb",
        "ä",
        "..",
        "a/../b",
        ".",
        "a\\b",
        "a/b/c/d/e/f/g/h/i"
      })
  void scope_outsideTheGrammar_isRefused(String scope) {
    assertThatThrownBy(() -> store.remember(scope, Draft.of("x"))).isInstanceOf(InvalidInput.class);
    assertThatThrownBy(() -> store.recall(scope, Query.of("x"))).isInstanceOf(InvalidInput.class);
    assertThat(store.scopes(null)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a/b", "acme/user:42/session:7", "A.b_c:d@e-f/0", "a/b/c/d/e/f/g/h"})
  void scope_withinTheGrammar_isTaken(String scope) {
    store.remember(scope, Draft.of("x"));
    assertThat(store.scopes(null)).extracting(Remanence.ScopeInfo::scope).containsExactly(scope);
  }

  @Test
  void content_nullOrTooDeep_isRefused() {
    var scope = store.scope("s");
    var deep = Json.parse("[".repeat(65) + "]".repeat(65));
    assertThatThrownBy(() -> scope.remember(Draft.of(Json.ofNull())))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("a content is a JSON value other than null");
    assertThatThrownBy(() -> scope.remember(Draft.of(deep)))
        .isInstanceOf(TooLarge.class)
        .hasMessageContaining("content has at most 64 levels");
    assertThatThrownBy(
            () -> scope.remember(Draft.of("x").metadata(Json.object().put("a", deep).build())))
        .isInstanceOf(TooLarge.class)
        .hasMessageContaining("metadata has at most 64 levels");
    assertThat(store.scopes(null)).isEmpty();
  }

  /// What is just within the rules also comes out of the store again, whole.
  @Test
  void contentAndVector_atTheLimits_areCarried() {
    var deep = Json.parse("[".repeat(63) + "]".repeat(63));
    store.remember("s", Draft.of(Json.array(List.of(deep))));
    store.remember("s", Draft.of("x").metadata(Json.object().put("a", deep).build()));
    var negativeZero = new float[] {-0f, 1, -1, 0};
    store.remember("s", Draft.of("y").vector(negativeZero));
    assertThat(Float.floatToRawIntBits(negativeZero[0])).isNotZero();
    var out = new ByteArrayOutputStream();
    store.exportTo(out, Remanence.Progress.NONE);
    try (var other = Remanence.open(directory.resolve("other"))) {
      var report =
          other.importFrom(
              new ByteArrayInputStream(out.toByteArray()),
              ImportOptions.DEFAULT,
              Remanence.Progress.NONE);
      assertThat(report.badLines()).isEmpty();
      assertThat(other.list("s", Listing.FIRST).memories())
          .extracting(Memory::id, Memory::hash, Memory::metadata)
          .isEqualTo(
              store.list("s", Listing.FIRST).memories().stream()
                  .map(memory -> tuple(memory.id(), memory.hash(), memory.metadata()))
                  .toList());
      assertThat(other.verify(true, null).problems()).isEmpty();
    }
  }

  @Test
  void text_emptyHugeOrHalfAPair_isRefused() {
    var scope = store.scope("s");
    assertThatThrownBy(() -> scope.remember("")).isInstanceOf(InvalidInput.class);
    assertThatThrownBy(() -> scope.remember("x".repeat(Limits.CONTENT_BYTES_MAX + 1)))
        .isInstanceOf(TooLarge.class)
        .hasMessageContaining("1048576");
    assertThatThrownBy(() -> scope.remember("half \ud83d")).isInstanceOf(InvalidInput.class);
    assertThatThrownBy(() -> scope.remember("\udc00 half")).isInstanceOf(InvalidInput.class);
    assertThat(store.scopes(null)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " ",
        "\u0000",
        "a\u0000b\u0007\u001b[31m",
        "\ufeffbom",
        "\ud83d\ude00",
        "e\u0301",
        "\u00e9",
        "line\r\nline\n",
        "\u202eabc",
        "'; DROP TABLE revision; --",
        "{\"a\":1}",
        "\uffff"
      })
  void text_ofAnyValidUnicode_isKeptAsItIs(String text) {
    var id = store.scope("s").remember(text).id();
    assertThat(store.get(id).text()).isEqualTo(text);
    store.close();
    open();
    assertThat(store.get(id).text()).isEqualTo(text);
  }

  @Test
  void text_atTheLimit_isKept() {
    var text = "é".repeat(Limits.CONTENT_BYTES_MAX / 2);
    var id = store.scope("s").remember(text).id();
    assertThat(store.get(id).text()).isEqualTo(text);
  }

  @Test
  void names_withControlCharactersOrTooLong_areRefused() {
    var drafts =
        List.of(
            Draft.of("x").key("a\tb"),
            Draft.of("x").key(""),
            Draft.of("x").speaker("a\u0000"),
            Draft.of("x").tags("ok", "bad\n"),
            Draft.of("x").tags("t".repeat(Limits.TAG_CHARS_MAX + 1)),
            Draft.of("x").key("k".repeat(Limits.KEY_CHARS_MAX + 1)),
            Draft.of("x").importance(Double.NaN),
            Draft.of("x").importance(1.01),
            Draft.of("x").importance(-0.01),
            Draft.of("x").ttl(Duration.ZERO),
            Draft.of("x").ttl(Duration.ofSeconds(-1)),
            Draft.of("x").at(Instant.MAX),
            Draft.of("x")
                .at(Instant.parse("2022-01-01T00:00:00Z"))
                .until(Instant.parse("2022-01-01T00:00:00Z")),
            Draft.of("x").vector(new float[] {1, Float.NaN}),
            Draft.of("x").vector(new float[] {Float.POSITIVE_INFINITY}),
            Draft.of("x").vector(new float[0]),
            Draft.of("x").id(new UUID(0, 0)),
            Draft.of("x").id(new UUID(-1, -1)));
    for (var draft : drafts) {
      assertThatThrownBy(() -> store.remember("s", draft))
          .isInstanceOfAny(InvalidInput.class, TooLarge.class);
    }
    assertThat(store.scopes(null)).isEmpty();
  }

  @Test
  void calls_onWhatIsNotThere_sayNotFound() {
    var id = UUID.randomUUID();
    assertThatThrownBy(() -> store.get(id)).isInstanceOf(NotFound.class);
    assertThatThrownBy(() -> store.history(id)).isInstanceOf(NotFound.class);
    assertThatThrownBy(() -> store.get(new UUID(0, 0))).isInstanceOf(NotFound.class);
    assertThatThrownBy(() -> store.revise(id, new Patch().text("x"))).isInstanceOf(NotFound.class);
    assertThatThrownBy(() -> store.forget(id, null)).isInstanceOf(NotFound.class);
    assertThatThrownBy(() -> store.erase(id, null)).isInstanceOf(NotFound.class);
    assertThatThrownBy(() -> store.eraseScope("no/such", false, null)).isInstanceOf(NotFound.class);
    assertThatThrownBy(() -> store.get("no/such", "key", AsOf.NOW)).isInstanceOf(NotFound.class);
    assertThat(store.recall("no/such", Query.of("x")).hits()).isEmpty();
    assertThat(store.list("no/such", Listing.FIRST).memories()).isEmpty();
  }

  @Test
  void revise_ofNothing_isRefused() {
    var id = store.scope("s").remember("x").id();
    assertThatThrownBy(() -> store.revise(id, new Patch())).isInstanceOf(InvalidInput.class);
    assertThat(store.history(id)).hasSize(1);
  }

  // Places that are no store

  @Test
  void open_whereAFileIs_isRefused() throws Exception {
    var file = Files.writeString(directory.resolve("file"), "hello");
    assertThatThrownBy(() -> Remanence.open(file)).isInstanceOf(InvalidInput.class);
    assertThat(Files.readString(file)).isEqualTo("hello");
  }

  @Test
  void open_whereOtherFilesAre_isRefused() throws Exception {
    var project = Files.createDirectory(directory.resolve("project"));
    Files.writeString(project.resolve("notes.txt"), "mine");
    assertThatThrownBy(() -> Remanence.open(project)).isInstanceOf(InvalidInput.class);
    assertThat(project.toFile().list()).containsExactly("notes.txt");
  }

  @Test
  void open_whereNoneIsAndNoneShallBe_saysUnavailable() {
    var missing = directory.resolve("missing");
    assertThatThrownBy(() -> Remanence.open(missing, OpenOptions.DEFAULT.create(false)))
        .isInstanceOf(RemanenceException.Unavailable.class);
    assertThat(missing).doesNotExist();
  }

  @Test
  void open_ofAnotherProgramsDatabase_isRefused() throws Exception {
    var other = Files.createDirectory(directory.resolve("other"));
    try (var connection =
            DriverManager.getConnection("jdbc:sqlite:" + other.resolve("journal.db"));
        var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE theirs(x)");
    }
    assertThatThrownBy(() -> Remanence.open(other))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("another program");
  }

  @Test
  void open_ofAFileThatIsNoDatabase_saysDamaged() throws Exception {
    var other = Files.createDirectory(directory.resolve("other"));
    Files.writeString(other.resolve("journal.db"), "this is not a database at all".repeat(100));
    assertThatThrownBy(() -> Remanence.open(other))
        .isInstanceOf(RemanenceException.CorruptStore.class);
  }

  @Test
  void open_ofOtherFormats_saysWhich() throws Exception {
    var path = directory.resolve("versions");
    Remanence.open(path).close();
    setVersion(path, 99);
    assertThatThrownBy(() -> Remanence.open(path)).isInstanceOf(FormatTooNew.class);
    setVersion(path, 0);
    assertThatThrownBy(() -> Remanence.open(path)).isInstanceOf(FormatTooOld.class);
    setVersion(path, 1);
    Remanence.open(path).close();
  }

  private static void setVersion(Path path, int version) throws Exception {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + path.resolve("journal.db"));
        var statement = connection.createStatement()) {
      statement.execute("PRAGMA user_version = " + version);
    }
  }

  @Test
  void open_ofAPathWithOddCharacters_works() {
    var odd = directory.resolve("a b?c#d%41é");
    try (var opened = Remanence.open(odd)) {
      opened.scope("s").remember("x");
    }
    try (var opened = Remanence.open(odd, OpenOptions.DEFAULT.create(false))) {
      assertThat(opened.scope("s").recall("x").hits()).hasSize(1);
    }
  }
}
