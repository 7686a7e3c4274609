package dev.remanence.journal;

import com.github.luben.zstd.ZstdDictTrainer;
import com.github.luben.zstd.ZstdException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The store's own compression dictionary: trained on its bodies, counted as content when something
/// is erased.
///
/// It is trained on samples from which every word that occurs in fewer than four of them is
/// removed, so it holds only words that several memories share. What it shares with an erased body
/// must be explained by what remains: each run of eight bytes that is in both must occur in a body
/// that is still there. Where one does not, the dictionary is trained anew and every body that uses
/// the old one is packed anew before the old one is deleted.
final class Dictionary {
  /// Bodies that make training worth while.
  static final int BODIES_MIN = 4096;

  private static final int SAMPLES_MAX = 16_384;
  private static final int SAMPLE_BYTES_MAX = 2048;
  private static final int DICTIONARY_BYTES = 64 << 10;
  private static final int WORD_SAMPLES_MIN = 4;
  private static final int RUN_BYTES = 8;
  private static final int BATCH = 512;

  private final SqliteJournal journal;

  Dictionary(SqliteJournal journal) {
    this.journal = journal;
  }

  /// Trains the first dictionary when there is enough to train on. Bodies that are written from
  /// then on use it; older ones are packed anew by a compaction.
  void trainIfWorthwhile() {
    if (journal.packer().current() > Packer.BUILT_IN || journal.lastPosition() < BODIES_MIN) {
      return;
    }
    var trained = train();
    if (trained != null) {
      add(trained);
    }
  }

  private byte @Nullable [] train() {
    var samples = sample();
    if (samples.size() < BODIES_MIN / 2) {
      return null;
    }
    var kept = withoutRareWords(samples);
    long bytes = kept.stream().mapToLong(each -> each.length).sum();
    var trainer = new ZstdDictTrainer((int) Math.min(bytes + 1, 64 << 20), DICTIONARY_BYTES);
    for (var each : kept) {
      if (each.length > 0) {
        trainer.addSample(each);
      }
    }
    try {
      return trainer.trainSamples();
    } catch (ZstdException e) {
      // Too little that repeats: the built-in dictionary serves.
      return null;
    }
  }

  /// Bodies spread over the whole store.
  private List<byte[]> sample() {
    long last = journal.lastPosition();
    long stride = Math.max(1, last / SAMPLES_MAX);
    var samples = new ArrayList<byte[]>();
    for (long from = 1; from <= last; from += stride * BATCH) {
      var positions = new ArrayList<Long>();
      for (long pos = from; pos < from + stride * BATCH && pos <= last; pos += stride) {
        positions.add(pos);
      }
      samples.addAll(
          journal.read(reader -> {
            var bodies = new ArrayList<byte[]>();
            for (long pos : positions) {
              var body = reader.bodyIfAny(pos);
              if (body != null) {
                bodies.add(
                    body.length > SAMPLE_BYTES_MAX ? Arrays.copyOf(body, SAMPLE_BYTES_MAX) : body);
              }
            }
            return bodies;
          }));
    }
    return samples;
  }

  private static List<byte[]> withoutRareWords(List<byte[]> samples) {
    Map<String, Integer> frequency = new HashMap<>();
    for (var sample : samples) {
      for (var word : new HashSet<>(words(sample))) {
        frequency.merge(word, 1, Integer::sum);
      }
    }
    var kept = new ArrayList<byte[]>(samples.size());
    for (var sample : samples) {
      var out = new ByteArrayOutputStream(sample.length);
      int start = 0;
      for (int i = 0; i <= sample.length; i++) {
        if (i == sample.length || !isWordByte(sample[i])) {
          if (i > start && frequency.getOrDefault(word(sample, start, i), 0) >= WORD_SAMPLES_MIN) {
            out.write(sample, start, i - start);
          }
          if (i < sample.length) {
            out.write(sample[i]);
          }
          start = i + 1;
        }
      }
      kept.add(out.toByteArray());
    }
    return kept;
  }

  private static List<String> words(byte[] sample) {
    var words = new ArrayList<String>();
    int start = 0;
    for (int i = 0; i <= sample.length; i++) {
      if (i == sample.length || !isWordByte(sample[i])) {
        if (i > start) {
          words.add(word(sample, start, i));
        }
        start = i + 1;
      }
    }
    return words;
  }

  private static String word(byte[] sample, int from, int to) {
    return new String(sample, from, to - from, StandardCharsets.ISO_8859_1);
  }

  private static boolean isWordByte(byte b) {
    return b < 0 || (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9');
  }

  private void add(byte[] bytes) {
    journal.alone(connection -> {
      insert(connection, bytes);
      return bytes.length;
    });
  }

  private void insert(Reader connection, byte[] bytes) throws SQLException {
    var insert = connection.prepared("INSERT INTO dict(id, bytes, chk) VALUES(?, ?, ?)");
    int id = journal.packer().current() + 1;
    insert.setInt(1, id);
    insert.setBytes(2, bytes);
    insert.setInt(3, Checksum.of(bytes));
    insert.executeUpdate();
    journal.packer().add(id, bytes);
  }

  /// After an erasure: replaces the dictionary if it holds something that only the erased bodies
  /// explain.
  void cleanse(List<byte[]> erased) {
    var own = journal.packer().ownDictionaries();
    if (own.isEmpty()) {
      return;
    }
    Set<Long> unexplained = new HashSet<>();
    for (var dictionary : own.values()) {
      var runs = runs(dictionary);
      for (var body : erased) {
        runs(body).stream().filter(runs::contains).forEach(unexplained::add);
      }
    }
    if (!unexplained.isEmpty()) {
      explain(unexplained);
    }
    if (!unexplained.isEmpty()) {
      replaceAll();
    }
  }

  private static Set<Long> runs(byte[] bytes) {
    Set<Long> runs = new HashSet<>();
    long run = 0;
    for (int i = 0; i < bytes.length; i++) {
      run = (run << 8) | (bytes[i] & 0xFF);
      if (i >= RUN_BYTES - 1) {
        runs.add(run);
      }
    }
    return runs;
  }

  /// Takes away the runs that bodies which are still there explain.
  private void explain(Set<Long> unexplained) {
    long after = 0;
    long last = journal.lastPosition();
    while (after < last && !unexplained.isEmpty()) {
      long from = after;
      var entries = journal.read(reader -> reader.entries(from, BATCH));
      if (entries.isEmpty()) {
        return;
      }
      for (var entry : entries) {
        if (entry.body() != null) {
          unexplained.removeAll(runs(entry.body()));
        }
      }
      after = entries.getLast().pos();
    }
  }

  void replaceAll() {
    var old = Set.copyOf(journal.packer().ownDictionaries().keySet());
    if (old.isEmpty()) {
      return;
    }
    var trained = train();
    journal.alone(connection -> {
      if (trained == null) {
        journal.packer().useBuiltIn();
      } else {
        insert(connection, trained);
      }
      return old.size();
    });
    repack(old);
    journal.alone(connection -> {
      for (int id : old) {
        var delete = connection.prepared("DELETE FROM dict WHERE id = ?");
        delete.setInt(1, id);
        delete.executeUpdate();
        journal.packer().remove(id);
      }
      return old.size();
    });
  }

  /// Packs the bodies that use one of these dictionaries with the current one; all others too if
  /// the set is empty. Answers how many changed.
  long repack(Set<Integer> dictionaries) {
    long changed = 0;
    long after = 0;
    long last = journal.lastPosition();
    while (after < last) {
      long from = after;
      long to = after + BATCH;
      changed += journal.alone(connection -> repack(connection, dictionaries, from, to));
      after = to;
    }
    return changed;
  }

  private long repack(Reader connection, Set<Integer> dictionaries, long after, long to)
      throws SQLException {
    long changed = 0;
    connection.prepared("BEGIN IMMEDIATE").execute();
    try {
      for (var entry : connection.packedWithOthers(journal.packer().current(), after, to)) {
        if (dictionaries.isEmpty() || dictionaries.contains(entry.dictionary())) {
          var packed = connection.bench().pack(entry.body());
          if (dictionaries.isEmpty() && packed.bytes().length >= entry.packedBytes()) {
            continue;
          }
          var update = connection.prepared("UPDATE revision SET dict = ?, body = ? WHERE pos = ?");
          update.setInt(1, packed.dictionary());
          update.setBytes(2, packed.bytes());
          update.setLong(3, entry.pos());
          update.executeUpdate();
          changed++;
        }
      }
      connection.prepared("COMMIT").execute();
      return changed;
    } catch (SQLException | RuntimeException e) {
      connection.rollbackIfOpen();
      throw e;
    }
  }
}
