import org.jspecify.annotations.NullMarked;

/// The engine of Remanence: one directory that remembers. Only `dev.remanence` is for users.
@NullMarked
module dev.remanence.engine {
  requires static transitive org.jspecify;
  requires static jdk.incubator.vector;
  requires java.sql;
  requires org.xerial.sqlitejdbc;
  requires com.github.luben.zstd_jni;
  requires org.apache.lucene.core;
  requires org.apache.lucene.analysis.common;
  requires java.net.http;

  // Optional: without it the static table stands in.
  requires static com.microsoft.onnxruntime;

  // Where remanence-daemon is on the path too, several processes share a store.
  uses dev.remanence.Sharing;

  // Where remanence-mind is on the path, tokens are counted as models do.
  uses dev.remanence.Tokenizer;

  // Where remanence-mind is on the path, what is remembered is held against what was.
  uses dev.remanence.Judge;

  exports dev.remanence;
}
