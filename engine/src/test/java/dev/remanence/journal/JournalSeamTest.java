package dev.remanence.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remanence.Change;
import dev.remanence.Kind;
import dev.remanence.Provenance;
import dev.remanence.journal.Journal.Appended;
import dev.remanence.journal.Journal.Head;
import dev.remanence.journal.Journal.Proposal;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The seam to another journal: append if the head is still H, under a token.
class JournalSeamTest {
  @TempDir Path directory;

  private SqliteJournal open() {
    return SqliteJournal.open(
        directory.resolve("store"),
        true,
        Duration.ofSeconds(1),
        InstantSource.system(),
        new SecureRandom());
  }

  @SuppressWarnings("NullAway") // a nullable array, which the checker does not see in class files
  private static Proposal proposal(Ledger ledger, String text) {
    var header =
        new Header(
            Change.CREATE,
            1,
            ledger.recorded(),
            UUID.randomUUID(),
            ledger.nowMillis(),
            Header.OPEN,
            Header.MAIN,
            true,
            List.of(),
            null);
    var attributes =
        new Body.Attributes(
            Kind.SEMANTIC,
            null,
            List.of(),
            dev.remanence.Json.object().build(),
            0.5,
            false,
            List.of(),
            Header.OPEN,
            1,
            Provenance.NONE);
    var body =
        new Body(
            new Body.Content(text, null, null, null),
            attributes,
            new Body.Cause("s", "t", null, null, null));
    return new Proposal(header, body, 0, 0);
  }

  @Test
  void append_atTheHead_winsAndMovesIt() {
    try (var journal = open()) {
      journal.write(
          0,
          ledger -> {
            long scope = ledger.openScope("s");
            var head = ledger.head(scope);
            var outcome =
                ledger.append(scope, head, ledger.salt(), List.of(proposal(ledger, "one")));
            assertThat(outcome).isInstanceOf(Appended.Won.class);
            assertThat(ledger.head(scope).seq()).isEqualTo(head.seq() + 1);
            return head;
          });
    }
  }

  @Test
  void append_behindTheHead_losesAndNamesTheWinnersToken() {
    try (var journal = open()) {
      journal.write(
          0,
          ledger -> {
            long scope = ledger.openScope("s");
            var head = ledger.head(scope);
            var first = ledger.salt();
            ledger.append(scope, head, first, List.of(proposal(ledger, "one")));
            var outcome =
                ledger.append(scope, head, ledger.salt(), List.of(proposal(ledger, "two")));
            assertThat(outcome)
                .isInstanceOfSatisfying(
                    Appended.Lost.class,
                    lost -> {
                      assertThat(lost.token()).isEqualTo(first);
                      assertThat(lost.head().seq()).isEqualTo(head.seq() + 1);
                    });
            assertThat(ledger.read(scope, head.seq(), 10)).hasSize(1);
            return head;
          });
    }
  }

  @Test
  void append_againWithTheSameToken_isTheSameWin() {
    try (var journal = open()) {
      var token = new byte[16];
      token[3] = 7;
      Head before =
          journal.write(
              0,
              ledger -> {
                long scope = ledger.openScope("s");
                var head = ledger.head(scope);
                ledger.append(
                    scope, head, token, List.of(proposal(ledger, "one"), proposal(ledger, "two")));
                return head;
              });
      journal.write(
          0,
          ledger -> {
            long scope = ledger.openScope("s");
            var outcome =
                ledger.append(
                    scope,
                    before,
                    token,
                    List.of(proposal(ledger, "one"), proposal(ledger, "two")));
            assertThat(outcome)
                .isInstanceOfSatisfying(
                    Appended.Won.class, won -> assertThat(won.entries()).hasSize(2));
            assertThat(ledger.head(scope).seq()).isEqualTo(before.seq() + 2);
            return scope;
          });
    }
  }

  @Test
  void erase_keepsTheHashesAndTheChain() {
    try (var journal = open()) {
      journal.write(
          0,
          ledger -> {
            long scope = ledger.openScope("s");
            ledger.append(
                scope, ledger.head(scope), ledger.salt(), List.of(proposal(ledger, "secret")));
            var entry = ledger.read(scope, 1, 1).getFirst();
            ledger.erase(List.of(entry));
            var erased = ledger.one(entry.pos());
            assertThat(erased.body()).isNull();
            assertThat(erased.salt()).isNull();
            assertThat(erased.hash()).isEqualTo(entry.hash());
            assertThat(erased.bodyDigest()).isEqualTo(entry.bodyDigest());
            return scope;
          });
    }
  }

  @Test
  void hybridClock_neverRunsBackwardsNorRepeats() {
    var millis = new long[] {1000, 1000, 900, 2000, 0, 2001};
    var at = new int[1];
    var clock = new HybridClock(() -> Instant.ofEpochMilli(millis[at[0]++]), 0);
    long last = 0;
    for (int i = 0; i < millis.length; i++) {
      long next = clock.next();
      assertThat(next).isGreaterThan(last);
      last = next;
    }
    assertThat(HybridClock.millis(last)).isEqualTo(2001);
  }

  @Test
  void migration_ofAnOlderFormat_runsInOneTransactionAfterACopy() throws Exception {
    open().close();
    var file = directory.resolve("store").resolve(SqliteJournal.FILE);
    try (var connection = Sql.connect(file)) {
      Sql.run(connection, "PRAGMA user_version = -1");
      Schema.MIGRATIONS.put(-1, migrated -> Sql.run(migrated, "CREATE TABLE added(x)"));
      Schema.MIGRATIONS.put(0, migrated -> Sql.run(migrated, "INSERT INTO added VALUES(1)"));
      Schema.migrate(connection, -1);
      assertThat(Schema.number(connection, "PRAGMA user_version")).isEqualTo(Schema.FORMAT);
      assertThat(Schema.number(connection, "SELECT x FROM added")).isEqualTo(1);
    } finally {
      Schema.MIGRATIONS.clear();
    }
  }
}
