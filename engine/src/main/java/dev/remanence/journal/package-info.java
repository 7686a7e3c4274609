/// The truth: every revision, in order, hash-chained, in one SQLite file. docs/data-file.md is the
/// format. Read [Header] and [Body] for what a revision is, [SqliteJournal] for how it gets on
/// disk, [Verifier] for how it is proved.
package dev.remanence.journal;
