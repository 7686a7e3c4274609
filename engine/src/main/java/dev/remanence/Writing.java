package dev.remanence;

import dev.remanence.journal.Body;
import dev.remanence.journal.Ledger;
import dev.remanence.life.Changes;
import java.sql.SQLException;

/// Hands one caller's changes to the writer, its sitting with the first one.
final class Writing {
  private final OwnedStore own;
  private final Sitting sitting;

  Writing(OwnedStore own, Sitting sitting) {
    this.own = own;
    this.sitting = sitting;
  }

  /// Hands a change to the writer. The sitting is recorded with the first one.
  <T> T write(int bytes, Changing<T> changing) {
    return write(bytes, changing, () -> {});
  }

  /// @param meanwhile what is done while the caller waits
  <T> T write(int bytes, Changing<T> changing, Runnable meanwhile) {
    T outcome =
        own.journal.write(
            bytes,
            ledger -> {
              sitting.record(ledger);
              return changing.change(new Changes(ledger, cause()), ledger);
            },
            meanwhile);
    sitting.seenDurable();
    return outcome;
  }

  /// Records the sitting, for changes that do not go through [#write].
  void sit() {
    if (!sitting.recorded()) {
      own.journal.write(
          64,
          ledger -> {
            sitting.record(ledger);
            return sitting;
          });
      sitting.seenDurable();
    }
  }

  Body.Cause cause() {
    return new Body.Cause(sitting.id().toString(), sitting.tool(), null, null, null);
  }

  @FunctionalInterface
  interface Changing<T> {
    T change(Changes changes, Ledger ledger) throws SQLException;
  }
}
