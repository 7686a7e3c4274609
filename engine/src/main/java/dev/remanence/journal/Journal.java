package dev.remanence.journal;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The seam between the engine and whatever keeps the truth: one SQLite file here, a distributed
/// engine elsewhere. Everything else is built on these four operations.
///
/// A journal appends only to its own site's chain of a scope. Compare-and-set is per scope, because
/// dedup and keys need the scope.
public interface Journal {

  /// Appends revisions if the scope's head is still the expected one: all of them or none.
  ///
  /// The token is the salt of the first revision. Where an answer got lost, appending again with
  /// the same token is harmless: the entry after the expected head is read back, and its salt says
  /// whose it is.
  Appended append(long scope, Head expected, byte[] token, List<Proposal> proposals);

  /// The entries of this site's chain of a scope after a number, in order, at most so many.
  List<Entry> read(long scope, long afterSeq, int limit);

  /// One entry by position; `CorruptStore` where there is none.
  Entry one(long pos);

  /// Removes the bodies and salts of these entries; hashes stay.
  void erase(List<Entry> entries);

  /// Where a chain stands: its last number and hash.
  record Head(long seq, byte[] hash) {}

  /// A revision to be.
  ///
  /// @param prev position of the memory's revision before, 0 for none, -1 for the proposal before
  ///   this one
  /// @param base position of the revision that holds the content, 0 for this one or none
  record Proposal(Header header, Body body, long prev, long base) {
    /// As `prev`: the proposal before this one in the same append.
    public static final long BEFORE = -1;
  }

  /// How an append went.
  sealed interface Appended {
    /// The entries are in the journal, now or by an earlier call with the same token.
    record Won(List<Entry> entries) implements Appended {}

    /// Another append came first. Nothing was written.
    record Lost(Head head, byte @Nullable [] token) implements Appended {}

    /// The journal could not say. Ask again with the same token.
    record Unknown(Throwable cause) implements Appended {}
  }
}
