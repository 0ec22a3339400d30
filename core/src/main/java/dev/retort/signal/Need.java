package dev.retort.signal;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/// A kind of thing that a teacher can say and an objective can ask to hear.
public enum Need {
  /// A distribution over labels or tokens for every row.
  DISTRIBUTION,
  /// That distribution as logits, one for every label or token: of one teacher, or averaged, but
  /// not a mixture of probabilities, which has none.
  LOGITS,
  /// Hidden states of all layers, on the student's own tokens.
  HIDDEN_STATES,
  /// Attention scores of all layers before the softmax, on the student's own tokens.
  ATTENTION_SCORES,
  /// Queries, keys and values of all layers, on the student's own tokens.
  ATTENTION_VECTORS,
  /// One vector for every text, as the teacher's pooling makes it.
  EMBEDDING;

  /// Whether it is what a model computes inside, layer by layer and token by token.
  public boolean isFeature() {
    return this != DISTRIBUTION && this != LOGITS && this != EMBEDDING;
  }

  /// What can be said about a text by a teacher who reads it as other tokens than the student.
  public static Set<Need> ofWholeTexts() {
    return Arrays.stream(values()).filter(need -> !need.isFeature()).collect(Collectors.toSet());
  }
}
