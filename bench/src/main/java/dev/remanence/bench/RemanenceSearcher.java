package dev.remanence.bench;

import dev.remanence.AsOf;
import dev.remanence.Draft;
import dev.remanence.Filter;
import dev.remanence.Kind;
import dev.remanence.Laboratory;
import dev.remanence.OpenOptions;
import dev.remanence.Provenance;
import dev.remanence.Query;
import dev.remanence.Recall;
import dev.remanence.Remanence;
import dev.remanence.bench.RecallData.Question;
import dev.remanence.bench.RecallData.Tag;
import dev.remanence.recall.Blend;
import dev.remanence.recall.Prior;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.UUID;

/// Our store: all memories are turns of conversations in one scope, so that every prior has work.
final class RemanenceSearcher implements Searcher {
  private static final String SCOPE = "bench/recall";
  private static final int BATCH = 1000;

  /// Every so manieth memory has a key, by which it can be revised.
  private static final int KEYED = 5;

  private static final Blend BARE = Blend.DEFAULT.without(Prior.values());

  private final Remanence store;

  RemanenceSearcher(Path directory) {
    store = Remanence.open(directory, OpenOptions.DEFAULT.tool("bench").embedder("none"));
  }

  @Override
  public boolean has(Leg leg) {
    return true;
  }

  @Override
  public void load(RecallData data, Progress progress) {
    long next = store.stats().memories();
    while (next < data.count()) {
      progress.at(next);
      var batch = new ArrayList<Draft>();
      for (; batch.size() < BATCH && next < data.count(); next++) {
        var draft = draft(data, next, data.text(next)).id(id(next));
        batch.add(next % KEYED == 0 ? draft.key("key-" + next) : draft);
      }
      store.rememberAll(SCOPE, batch);
    }
  }

  private static Draft draft(RecallData data, long number, String text) {
    return Draft.of(text)
        .kind(Kind.EPISODIC)
        .speaker(data.speaker(number))
        .at(Sample.time(number))
        .tags(data.tags(number))
        .vector(data.vector(number))
        .provenance(new Provenance(data.session(number), null, null, null, null, null, null, null));
  }

  private static UUID id(long number) {
    return new UUID(Sample.time(number).toEpochMilli() << 16 | 0x7000, Long.MIN_VALUE | number);
  }

  /// Gives every fifth memory another text and vector: those of a number beyond what was loaded.
  void revise(RecallData data, Progress progress) {
    for (long next = 0; next < data.count(); ) {
      progress.at(next);
      var batch = new ArrayList<Draft>();
      for (; batch.size() < BATCH && next < data.count(); next += KEYED) {
        long other = 2L * data.count() + next;
        batch.add(draft(data, other, data.text(other)).at(Sample.time(next)).key("key-" + next));
      }
      store.rememberAll(SCOPE, batch);
    }
  }

  @Override
  public long[] find(Leg leg, Question question, Tag tag) {
    return switch (leg) {
      case RECALL -> recall(question, tag, AsOf.NOW);
      case MEANING ->
          numbers(Laboratory.recall(store, SCOPE, query("", tag).vector(question.vector()), BARE));
      case WORDS -> numbers(Laboratory.recall(store, SCOPE, query(question.text(), tag), BARE));
    };
  }

  long[] recall(Question question, Tag tag, AsOf asOf) {
    return numbers(
        store.recall(SCOPE, query(question.text(), tag).vector(question.vector()).asOf(asOf)));
  }

  /// Without the priors.
  long[] bare(Question question) {
    return numbers(
        Laboratory.recall(
            store, SCOPE, query(question.text(), Tag.ALL).vector(question.vector()), BARE));
  }

  private static Query query(String text, Tag tag) {
    return Query.of(text)
        .inherit(false)
        .filter(tag == Tag.ALL ? Filter.ALL : Filter.tagged(tag.name()));
  }

  private static long[] numbers(Recall recall) {
    return recall.hits().stream()
        .mapToLong(hit -> hit.memory().id().getLeastSignificantBits() & Long.MAX_VALUE)
        .toArray();
  }

  @Override
  public void insert(RecallData data, long number, String text) {
    store.remember(SCOPE, draft(data, number, text).id(id(number)));
  }

  @Override
  public void close() {
    store.close();
  }
}
