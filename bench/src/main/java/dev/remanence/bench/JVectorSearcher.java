package dev.remanence.bench;

import dev.remanence.bench.RecallData.Question;
import dev.remanence.bench.RecallData.Tag;
import io.github.jbellis.jvector.graph.GraphIndexBuilder;
import io.github.jbellis.jvector.graph.GraphSearcher;
import io.github.jbellis.jvector.graph.ListRandomAccessVectorValues;
import io.github.jbellis.jvector.graph.similarity.BuildScoreProvider;
import io.github.jbellis.jvector.graph.similarity.DefaultSearchScoreProvider;
import io.github.jbellis.jvector.util.Bits;
import io.github.jbellis.jvector.vector.VectorSimilarityFunction;
import io.github.jbellis.jvector.vector.VectorizationProvider;
import io.github.jbellis.jvector.vector.types.VectorFloat;
import io.github.jbellis.jvector.vector.types.VectorTypeSupport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/// JVector: a graph over full vectors on the heap, built with the same width as Lucene's by as many
/// threads as there are. It knows no words and holds no texts; filters are bits that are known
/// before the question.
final class JVectorSearcher implements Searcher {
  private static final int DEGREE = 16;
  private static final int BEAM = 100;
  private static final VectorSimilarityFunction COSINE = VectorSimilarityFunction.DOT_PRODUCT;
  private static final VectorTypeSupport TYPES =
      VectorizationProvider.getInstance().getVectorTypeSupport();

  private final List<VectorFloat<?>> vectors = new ArrayList<>();
  private final List<Long> numbers = new ArrayList<>();
  private final ListRandomAccessVectorValues values =
      new ListRandomAccessVectorValues(vectors, RecallData.DIMENSIONS);
  private final GraphIndexBuilder builder =
      GraphIndexBuilder.builder(
              BuildScoreProvider.randomAccessScoreProvider(values, COSINE),
              RecallData.DIMENSIONS,
              DEGREE)
          .withBeamWidth(BEAM)
          .withNeighborOverflow(1.2f)
          .withAlpha(1.2f)
          .build();
  private final Map<Tag, BitSet> tagged = new EnumMap<>(Tag.class);
  private int depth = 100;

  @Override
  public boolean has(Leg leg) {
    return leg == Leg.MEANING;
  }

  @Override
  public int[] depths() {
    return new int[] {10, 20, 50, 100, 200, 400, 800};
  }

  @Override
  public void depth(int candidates) {
    depth = candidates;
  }

  @Override
  public void load(RecallData data, Progress progress) {
    for (var tag : Tag.values()) {
      tagged.put(tag, new BitSet());
    }
    for (int i = 0; i < data.count(); i++) {
      add(data, i);
      for (var tag : data.tags(i)) {
        Objects.requireNonNull(tagged.get(Tag.valueOf(tag))).set(i);
      }
    }
    var done = new AtomicInteger();
    IntStream.range(0, data.count())
        .parallel()
        .forEach(i -> {
          builder.addGraphNode(i, vectors.get(i));
          progress.at(done.incrementAndGet());
        });
  }

  private void add(RecallData data, long number) {
    vectors.add(TYPES.createFloatVector(data.vector(number)));
    numbers.add(number);
  }

  @Override
  public void insert(RecallData data, long number, String text) {
    add(data, number);
    builder.addGraphNode(vectors.size() - 1, vectors.getLast());
  }

  @Override
  public long[] find(Leg leg, Question question, Tag tag) throws IOException {
    var asked = TYPES.createFloatVector(question.vector());
    var bits = Objects.requireNonNull(tagged.get(tag));
    try (var searcher = new GraphSearcher(builder.getGraph())) {
      var found =
          searcher.search(
              DefaultSearchScoreProvider.exact(asked, COSINE, values),
              LIMIT,
              depth,
              0,
              0,
              tag == Tag.ALL ? Bits.ALL : bits::get);
      return Arrays.stream(found.getNodes()).mapToLong(each -> numbers.get(each.node)).toArray();
    }
  }

  @Override
  public void close() throws IOException {
    builder.close();
  }
}
