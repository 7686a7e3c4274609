package dev.remanence.bench;

import dev.remanence.bench.RecallData.Question;
import dev.remanence.bench.RecallData.Tag;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.FSDirectory;
import org.jspecify.annotations.Nullable;

/// Lucene as one would use it for the same: BM25 over English text and a graph over vectors,
/// filters inside both, read near real time. The best hundred by words and the candidates by
/// vectors are brought to 0..1 and summed with our weights; a score that one of the legs did not
/// deliver counts as nothing, where ours looks it up, and there are no priors. The index stays as
/// it was built, in the segments that the default policy makes.
final class LuceneSearcher implements Searcher {
  private static final int WORD_DEPTH = 100;
  private static final double WORDS_SHARE = 0.3;
  private static final int BATCH = 1000;

  private final Analyzer analyzer = new EnglishAnalyzer();
  private final IndexWriter writer;
  private DirectoryReader reader;
  private IndexSearcher searcher;
  private int depth = 100;

  LuceneSearcher(Path directory) throws IOException {
    var config = new IndexWriterConfig(analyzer).setRAMBufferSizeMB(256).setCommitOnClose(false);
    writer = new IndexWriter(FSDirectory.open(directory), config);
    reader = DirectoryReader.open(writer);
    searcher = new IndexSearcher(reader);
  }

  @Override
  public boolean has(Leg leg) {
    return true;
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
  public void load(RecallData data, Progress progress) throws IOException {
    long next = reader.numDocs();
    if (next == data.count()) {
      return;
    }
    while (next < data.count()) {
      progress.at(next);
      for (int i = 0; i < BATCH && next < data.count(); i++, next++) {
        writer.addDocument(document(data, next, data.text(next)));
      }
      if (next % (100 * BATCH) == 0) {
        writer.commit();
      }
    }
    writer.commit();
    refresh();
  }

  private static Document document(RecallData data, long number, String text) {
    var document = new Document();
    document.add(new StoredField("number", number));
    document.add(new TextField("text", text, Field.Store.YES));
    for (var tag : data.tags(number)) {
      document.add(new StringField("tag", tag, Field.Store.NO));
    }
    document.add(
        new KnnFloatVectorField(
            "vector", data.vector(number), VectorSimilarityFunction.DOT_PRODUCT));
    return document;
  }

  private void refresh() throws IOException {
    var newer = DirectoryReader.openIfChanged(reader, writer);
    if (newer != null) {
      reader.close();
      reader = newer;
      searcher = new IndexSearcher(reader);
    }
  }

  @Override
  public void insert(RecallData data, long number, String text) throws IOException {
    writer.addDocument(document(data, number, text));
    refresh();
  }

  @Override
  public long[] find(Leg leg, Question question, Tag tag) throws IOException {
    var best =
        switch (leg) {
          case RECALL -> fused(words(question, tag, WORD_DEPTH), meaning(question, tag));
          case MEANING -> List.of(meaning(question, tag));
          case WORDS -> List.of(words(question, tag, LIMIT));
        };
    var stored = reader.storedFields();
    var numbers = new long[Math.min(LIMIT, best.size())];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = stored.document(best.get(i).doc).getField("number").numericValue().longValue();
    }
    return numbers;
  }

  private ScoreDoc[] words(Question question, Tag tag, int limit) throws IOException {
    var query = new BooleanQuery.Builder();
    try (var tokens = analyzer.tokenStream("text", question.text())) {
      var term = tokens.addAttribute(CharTermAttribute.class);
      tokens.reset();
      while (tokens.incrementToken()) {
        query.add(new TermQuery(new Term("text", term.toString())), BooleanClause.Occur.SHOULD);
      }
      tokens.end();
    }
    var filter = filter(tag);
    if (filter != null) {
      query.setMinimumNumberShouldMatch(1).add(filter, BooleanClause.Occur.FILTER);
    }
    return searcher.search(query.build(), limit).scoreDocs;
  }

  private ScoreDoc[] meaning(Question question, Tag tag) throws IOException {
    var query = new KnnFloatVectorQuery("vector", question.vector(), depth, filter(tag));
    return searcher.search(query, depth).scoreDocs;
  }

  private static @Nullable Query filter(Tag tag) {
    return tag == Tag.ALL ? null : new TermQuery(new Term("tag", tag.name()));
  }

  private static List<ScoreDoc> fused(ScoreDoc[] words, ScoreDoc[] meaning) {
    Map<Integer, Double> scores = new HashMap<>();
    for (var each : words) {
      scores.merge(each.doc, WORDS_SHARE * each.score / words[0].score, Double::sum);
    }
    for (var each : meaning) {
      double least = meaning[meaning.length - 1].score;
      double range = Math.max(1e-9, meaning[0].score - least);
      scores.merge(each.doc, (1 - WORDS_SHARE) * (each.score - least) / range, Double::sum);
    }
    var fused = new ArrayList<ScoreDoc>(scores.size());
    scores.forEach((document, score) -> fused.add(new ScoreDoc(document, score.floatValue())));
    fused.sort((one, other) -> Float.compare(other.score, one.score));
    return fused;
  }

  /// Leaves the index as it was at the last commit.
  @Override
  public void close() throws IOException {
    reader.close();
    writer.rollback();
  }
}
