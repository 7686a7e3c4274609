package dev.remanence.journal;

import dev.remanence.AsOf;
import dev.remanence.Json;
import dev.remanence.Kind;
import dev.remanence.Provenance;
import dev.remanence.RemanenceException;
import dev.remanence.life.Changes;
import dev.remanence.life.ThreeWay;
import dev.remanence.life.Wish;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A store to which every kind of change was made, in an order that a seed decides: what the tests
/// of care check, damage and repair.
final class ChurnedStore {
  static final String[] SCOPES = {"acme", "acme/user:42", "acme/user:43", "global", "lab/x"};

  private final SplittableRandom random;
  private final List<UUID> ids = new ArrayList<>();
  private long now = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();

  private ChurnedStore(long seed) {
    random = new SplittableRandom(seed);
  }

  /// Makes the store, closed, in a new directory.
  static void make(Path directory, long seed, int changes) {
    var store = new ChurnedStore(seed);
    try (var journal = store.open(directory)) {
      store.churn(journal, changes);
    }
  }

  /// The store open, with its last changes in the WAL.
  static SqliteJournal makeOpen(Path directory, long seed, int changes) {
    var store = new ChurnedStore(seed);
    var journal = store.open(directory);
    store.churn(journal, changes);
    return journal;
  }

  private SqliteJournal open(Path directory) {
    return SqliteJournal.open(
        directory, true, Duration.ofSeconds(10), clock(), new SplittableRandom(random.nextLong()));
  }

  private InstantSource clock() {
    return () -> Instant.ofEpochMilli(now);
  }

  private void churn(SqliteJournal journal, int changes) {
    int done = 0;
    while (done < changes) {
      now += random.nextInt(0, 3) * 700L;
      int group = random.nextInt(1, 5);
      done += group;
      try {
        journal.write(
            512,
            ledger -> {
              for (int i = 0; i < group; i++) {
                change(new Changes(ledger, cause()));
              }
              return group;
            });
      } catch (RemanenceException.Conflict
          | RemanenceException.NotFound
          | RemanenceException.InvalidInput e) {
        assert e.getMessage() != null : "a refusal says why; it is part of the churn";
      }
    }
    writeBeside(journal);
  }

  private Body.Cause cause() {
    return new Body.Cause(
        "0197-session", "churn", random.nextInt(4) == 0 ? text(3) : null, null, null);
  }

  private void change(Changes changes) throws SQLException {
    var scope = SCOPES[random.nextInt(SCOPES.length)];
    switch (random.nextInt(20)) {
      case 0, 1, 2, 3, 4, 5, 6, 7 -> keep(changes.remember(scope, fresh(), false).id());
      case 8, 9 -> keep(changes.remember(scope, keyed(), false).id());
      case 10 -> keep(changes.remember(scope, keyed(), true).id());
      case 11, 12 ->
          changes.revise(any(), with(wish(text(20), null, null, null)), AsOf.MAIN, null, text(2));
      case 13 -> changes.revise(any(), with(attributesOnly()), AsOf.MAIN, null, null);
      case 14 -> changes.forget(any(), text(2));
      case 15 -> changes.link(any(), "supports", any());
      case 16 -> changes.erase(any(), random.nextBoolean() ? text(2) : null);
      case 17 -> changes.branches().revert(any(), random.nextInt(1, 4), null);
      case 18 -> {
        var id = any();
        var name = "b" + random.nextInt(2);
        changes.branches().branch(id, name, null, null);
        changes.revise(id, with(wish(text(8), null, null, null)), name, null, null);
        if (random.nextBoolean()) {
          changes.branches().merge(id, name, AsOf.MAIN, ThreeWay.Side.THEIRS, null);
        }
      }
      default -> {
        var id = new UUID(random.nextLong(), random.nextLong());
        keep(changes.remember(scope, wish("the same words", null, null, id), false).id());
      }
    }
  }

  private static Function<Body.Content, Wish> with(Wish wish) {
    return _ -> wish;
  }

  /// A row in each table beside the truth, and vectors.
  private void writeBeside(SqliteJournal journal) {
    journal.write(
        512,
        ledger -> {
          SideTable.GIVEN.put(ledger, 1L, 8L);
          SideTable.SESSION.put(ledger, Hash.bytes(new UUID(1, 2)), "churn", 42L, now, null);
          SideTable.USES.put(ledger, Hash.bytes(ids.getFirst()), 3L, now);
          SideTable.BACKUP.put(ledger, "/backups/one.backup", now, now + 1);
          SideTable.ERASURE.put(ledger, Hash.bytes(new UUID(3, 4)), now, 0L, "{}");
          for (long pos = 2; pos < 6; pos++) {
            var numbers = new float[] {0.5f, random.nextInt(100) / 100f};
            VectorTable.put(
                ledger, pos, new VectorTable.Computed("m", new byte[32], List.of(numbers)));
          }
          return journal;
        });
  }

  private void keep(UUID id) {
    ids.add(id);
  }

  private UUID any() {
    return ids.isEmpty()
        ? new UUID(1, 1)
        : ids.get(ids.size() - 1 - random.nextInt(Math.min(ids.size(), 200)));
  }

  private Wish fresh() {
    Long expires = random.nextInt(8) == 0 ? Long.valueOf(now + random.nextInt(20_000)) : null;
    return wish(
        random.nextInt(5) == 0 ? "said again " + random.nextInt(9) : text(random.nextInt(1, 60)),
        null,
        expires,
        null);
  }

  private Wish keyed() {
    Long expires = random.nextInt(4) == 0 ? Long.valueOf(now + random.nextInt(5_000)) : null;
    return wish(text(5), "key-" + random.nextInt(12), expires, null);
  }

  private Wish attributesOnly() {
    var wish = wish(null, null, null, null);
    return new Wish(
        null,
        Kind.EPISODIC,
        random.nextInt(3) == 0 ? "key-" + random.nextInt(20) : null,
        List.of("a", text(1)),
        null,
        0.25,
        null,
        null,
        random.nextInt(3) == 0 ? Long.valueOf(Header.OPEN) : null,
        null,
        wish.at(),
        null,
        null);
  }

  private Wish wish(
      @Nullable String text, @Nullable String key, @Nullable Long expires, @Nullable UUID id) {
    Body.Content content = null;
    if (text != null) {
      content =
          random.nextInt(6) == 0
              ? new Body.Content(null, Json.object().put("said", Json.of(text)).build(), null, null)
              : new Body.Content(
                  text,
                  null,
                  random.nextInt(4) == 0 ? "Anna" : null,
                  random.nextInt(30) == 0 ? new float[] {1, 2, 3} : null);
    }
    Long at =
        random.nextInt(3) == 0 ? Long.valueOf(now + random.nextInt(-9, 9) * 3_600_000L) : null;
    return new Wish(
        content,
        text == null ? null : List.of(Kind.values()).get(random.nextInt(Kind.values().length)),
        key,
        random.nextInt(3) == 0 ? List.of("tag" + random.nextInt(5)) : null,
        random.nextInt(9) == 0 ? Json.object().put("n", Json.of(7)).build() : null,
        null,
        null,
        null,
        expires,
        Provenance.NONE,
        at,
        null,
        id);
  }

  /// Words; now and then enough of them for an overflow page.
  private String text(int words) {
    int count = random.nextInt(40) == 0 ? 3000 : words;
    var text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(i == 0 ? "" : " ").append(Long.toString(random.nextLong(1L << 30), 36));
    }
    return text.toString();
  }

  /// A copy of a directory, as a user would make one.
  static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (var files = Files.list(from)) {
      for (var file : files.toList()) {
        if (Files.isRegularFile(file)) {
          Files.copy(file, to.resolve(file.getFileName()));
        }
      }
    }
  }
}
