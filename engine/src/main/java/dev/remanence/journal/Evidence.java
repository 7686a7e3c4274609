package dev.remanence.journal;

import dev.remanence.RemanenceException.InvalidInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What lies beside a journal and says how far it must reach: `acked`, `heads.jsonl`, `site.key`,
/// and an anchor from elsewhere. Read before the journal, so that an open store's journal is never
/// behind it.
///
/// @param place what tells the key's file from a copy, or null where there is none
record Evidence(
    Acknowledged.@Nullable Mark acknowledged,
    List<@Nullable SignedHead> heads,
    @Nullable SiteKey key,
    @Nullable String place,
    @Nullable SignedHead anchor) {

  static Evidence beside(Path directory, @Nullable Path anchor) throws IOException {
    var keyFile = SiteKey.path(directory);
    return new Evidence(
        Acknowledged.read(directory),
        SignedHead.readAll(directory),
        SiteKey.read(directory),
        Files.exists(keyFile) ? Disk.place(keyFile) : null,
        anchor(anchor));
  }

  /// For a journal that stands alone but for the commit that it must reach.
  static Evidence none(Acknowledged.Mark mark, @Nullable Path anchor) throws IOException {
    return new Evidence(mark, List.of(), null, null, anchor(anchor));
  }

  private static @Nullable SignedHead anchor(@Nullable Path file) throws IOException {
    if (file == null) {
      return null;
    }
    var text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8).strip();
    var head = SignedHead.parse(text.substring(text.lastIndexOf('\n') + 1));
    if (head == null) {
      throw new InvalidInput(
          "an anchor is one line of JSON, as 'remanence verify --save-anchor' writes it; found"
              + " something else in "
              + file,
          "anchor",
          file.toString());
    }
    return head;
  }
}
