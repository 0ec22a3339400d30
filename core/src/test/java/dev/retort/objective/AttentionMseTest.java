package dev.retort.objective;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AttentionMseTest implements AttentionContract {

  @Override
  public FeatureObjective objective(Layers layers, HeadMismatch heads) {
    return new AttentionMse(layers, heads);
  }

  @Test
  void countsPairsOfTokens() {
    try (BoundFeature bound = objective().bind(TEACHER, STUDENT, 5)) {
      assertThat(bound.count(new long[] {4, 2, 3})).isEqualTo(16 + 4 + 9);
    }
  }
}
