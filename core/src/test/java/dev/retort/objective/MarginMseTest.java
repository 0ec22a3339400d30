package dev.retort.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.retort.tensor.Tensor;
import org.junit.jupiter.api.Test;

class MarginMseTest implements EmbeddingObjectiveContract {

  @Override
  public EmbeddingObjective objective() {
    return new MarginMse();
  }

  /// The closed form of the mean over pairs against the pairs themselves.
  @Test
  void isTheMeanOverAllPairsOfColumns() {
    Tensor student = EmbeddingObjectiveContract.random(1, 4, 3);
    Tensor teacher = EmbeddingObjectiveContract.random(1, 4, 4);
    double[] s = student.toDoubles();
    double[] t = teacher.toDoubles();
    double sum = 0;
    for (int j = 0; j < 4; j++) {
      for (int k = 0; k < 4; k++) {
        sum += Math.pow((s[j] - s[k]) - (t[j] - t[k]), 2);
      }
    }

    assertThat(Similarities.margins(student, teacher).item()).isCloseTo(sum / 12, within(1e-12));
  }
}
