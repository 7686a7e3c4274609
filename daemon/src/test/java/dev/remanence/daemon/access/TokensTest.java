package dev.remanence.daemon.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remanence.Grant;
import dev.remanence.RemanenceException.CorruptStore;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.NotFound;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tokens as they are made, shown, kept and ended.
final class TokensTest {
  @TempDir private Path store;
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-21T09:30:00Z"));

  private Tokens tokens() {
    return Tokens.of(store, now::get);
  }

  private static Grant grant(String... patterns) {
    return new Grant(Token.verbs(List.of("read", "write")), List.of(patterns));
  }

  @Test
  void aSecret_holdsAndIsKeptNowhere() throws IOException {
    var created = tokens().create("web", grant("acme/**"), null);
    var tokens = tokens();
    assertThat(tokens.of(created.secret())).isEqualTo(created.token());
    var file = store.resolve(Tokens.FILE);
    assertThat(Files.readString(file)).doesNotContain(created.secret().substring(17));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    for (var wrong :
        List.of(
            "",
            "x",
            created.secret() + "x",
            created.secret().substring(1),
            created.secret().toUpperCase(Locale.ROOT),
            created.secret().substring(0, created.secret().length() - 1) + "!",
            "rmn_000000000000_" + created.secret().substring(17),
            created.secret().substring(0, 17) + "A".repeat(43),
            "a".repeat(1 << 20))) {
      assertThat(tokens.of(wrong)).as(wrong.substring(0, Math.min(60, wrong.length()))).isNull();
    }
  }

  @Test
  void tokens_endByTimeAndByHand() {
    var tokens = tokens();
    var brief = tokens.create("brief", grant("a"), Duration.ofDays(1));
    var lasting = tokens.create("lasting", grant("a"), null);
    assertThat(tokens.of(brief.secret())).isNotNull();
    now.set(now.get().plus(Duration.ofDays(1)));
    assertThat(tokens.of(brief.secret())).isNull();
    assertThat(tokens.valid(brief.token().id())).isNull();
    assertThat(tokens.of(lasting.secret())).isNotNull();
    tokens.revoke(lasting.token().id());
    assertThat(tokens.of(lasting.secret())).isNull();
    assertThat(tokens().of(lasting.secret())).isNull();
    assertThat(tokens.exist()).isTrue();
    assertThatThrownBy(() -> tokens.revoke("nobody")).isInstanceOf(NotFound.class);
  }

  @Test
  void use_isWrittenNotTooOften() throws IOException {
    var tokens = tokens();
    var created = tokens.create("web", grant("a"), null);
    tokens.of(created.secret());
    tokens.writeUses();
    var file = store.resolve(Tokens.FILE);
    var written = Files.readString(file);
    assertThat(written).contains("lastUsed\":\"2026-11-21T09:30:00Z");
    now.set(now.get().plusSeconds(30));
    tokens.of(created.secret());
    tokens.writeUses();
    assertThat(Files.readString(file)).isEqualTo(written);
    now.set(now.get().plusSeconds(61));
    tokens.of(created.secret());
    tokens.writeUses();
    assertThat(Files.readString(file)).contains("2026-11-21T09:31:31Z");
  }

  @Test
  void erasedNames_goFromPatterns() throws IOException {
    var tokens = tokens();
    var both = tokens.create("both", grant("acme/user:1/**", "acme/user:2"), null);
    var one = tokens.create("one", grant("acme/user:1"), null);
    tokens.forget(List.of("acme/user:1"));
    assertThat(Files.readString(store.resolve(Tokens.FILE))).doesNotContain("user:1");
    assertThat(tokens.of(one.secret())).isNull();
    var left = Objects.requireNonNull(tokens.of(both.secret()));
    assertThat(left.grant().patterns()).containsExactly("acme/user:2");
  }

  @Test
  void aFileThatCannotBeRead_admitsNobody() throws IOException {
    var created = tokens().create("web", grant("**"), null);
    var file = store.resolve(Tokens.FILE);
    for (var damaged :
        List.of(
            "",
            "{",
            "{\"format\":2,\"tokens\":[]}",
            "{\"format\":1,\"tokens\":[{\"id\":\"x\"}]}",
            Files.readString(file).replace("\"verbs\"", "\"verb\""),
            Files.readString(file).replace("\"read\"", "\"everything\""))) {
      Files.writeString(file, damaged);
      var tokens = tokens();
      assertThatThrownBy(() -> tokens.of(created.secret())).isInstanceOf(CorruptStore.class);
      assertThatThrownBy(tokens::exist).isInstanceOf(CorruptStore.class);
      assertThatThrownBy(() -> tokens.create("a", grant("a"), null))
          .isInstanceOf(CorruptStore.class);
    }
  }

  @Test
  void whatATokenCannotBe_isRefused() {
    var tokens = tokens();
    assertThatThrownBy(() -> Token.verbs(List.of("own"))).isInstanceOf(InvalidInput.class);
    assertThatThrownBy(() -> Token.verbs(List.of())).isInstanceOf(InvalidInput.class);
    assertThatThrownBy(() -> grant("a/**/b")).isInstanceOf(InvalidInput.class);
    assertThatThrownBy(() -> tokens.create("a", grant(), null)).isInstanceOf(InvalidInput.class);
    assertThatThrownBy(() -> tokens.create("", grant("a"), null)).isInstanceOf(InvalidInput.class);
    assertThat(store.resolve(Tokens.FILE)).doesNotExist();
  }
}
