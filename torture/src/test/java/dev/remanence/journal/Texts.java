package dev.remanence.journal;

import dev.remanence.Change;
import dev.remanence.Json;
import dev.remanence.Kind;
import dev.remanence.Provenance;
import dev.remanence.journal.Journal.Proposal;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.NullMarked;

/// A journal without the store above it, and the plainest revisions that can be appended to it.
@NullMarked
public final class Texts {
  private Texts() {}

  public static SqliteJournal open(Path directory) {
    return SqliteJournal.open(
        directory, true, Duration.ofSeconds(1), InstantSource.system(), new SecureRandom());
  }

  /// Appends a new memory that holds a text, in a transaction of the writer. Answers its scope.
  public static long append(Ledger ledger, String path, String text) throws SQLException {
    long scope = ledger.openScope(path);
    ledger.append(scope, ledger.head(scope), ledger.salt(), List.of(proposal(ledger, text)));
    return scope;
  }

  @SuppressWarnings("NullAway") // a nullable array, which the checker does not see in class files
  private static Proposal proposal(Ledger ledger, String text) {
    var header =
        new Header(
            Change.CREATE,
            1,
            ledger.recorded(),
            new UUID(ledger.random().nextLong(), ledger.random().nextLong()),
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
            Json.object().build(),
            0.5,
            false,
            List.of(),
            Header.OPEN,
            1,
            Provenance.NONE);
    var cause = new Body.Cause("session", "tool", null, null, null);
    var content = new Body.Content(text, null, null, null);
    return new Proposal(header, new Body(content, attributes, cause), 0, 0);
  }
}
