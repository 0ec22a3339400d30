package dev.retort.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// How an encoder's hidden states become an answer: one logit per label, or one vector.
public sealed interface Head {

  /// Pooling, then one linear layer: what Retort puts on a model that has no head. On disk it is
  /// the layout of sentence-transformers (`1_Pooling`, `2_Dense`).
  ///
  /// @param pooling how hidden states become one vector
  record PooledLinear(Pooling pooling) implements Head {}

  /// No head at all: the pooled vector is the answer. On disk it is the layout of
  /// sentence-transformers.
  ///
  /// @param pooling how hidden states become one vector
  /// @param normalized whether the vector has length 1
  /// @param prompts what a text is to begin with, by the kind of text, such as `query` → `query: `;
  ///   empty if there are none
  record Embedding(Pooling pooling, boolean normalized, Map<String, String> prompts)
      implements Head {

    public Embedding {
      prompts = Collections.unmodifiableMap(new LinkedHashMap<>(prompts));
    }
  }

  /// The family's own head over the first token: a dense layer, an activation, a linear layer. On
  /// disk it is `…ForSequenceClassification` of transformers.
  ///
  /// @param activation between the two layers
  record FirstToken(Activation activation) implements Head {}
}
