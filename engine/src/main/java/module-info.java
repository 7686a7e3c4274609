import org.jspecify.annotations.NullMarked;

/// The engine of Remanence: one directory that remembers. Only `dev.remanence` is for users.
@NullMarked
module dev.remanence.engine {
  requires static transitive org.jspecify;
  requires java.sql;
  requires org.xerial.sqlitejdbc;
  requires com.github.luben.zstd_jni;
  requires java.net.http;

  // Optional: without it the static table stands in.
  requires static com.microsoft.onnxruntime;

  exports dev.remanence;
}
