package dev.retort.objective;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// What losses on attention maps promise beyond [FeatureObjectiveContract].
interface AttentionContract extends FeatureObjectiveContract {

  /// The objective under test with these settings.
  FeatureObjective objective(Layers layers, HeadMismatch heads);

  @Override
  default FeatureObjective objective() {
    return objective(new Layers(LayerMap.LAST, List.of()), HeadMismatch.REFUSE);
  }

  @Test
  default void headsThatDifferAreRefusedOrAveraged() {
    ModelShape more = new ModelShape(4, D, 3);

    assertThat(objective().problems(more, STUDENT))
        .containsExactly(
            "the teacher has 3 attention heads and the student 2; `heads: average` compares their means");
    FeatureObjective averaging =
        objective(new Layers(LayerMap.LAST, List.of()), HeadMismatch.AVERAGE);
    assertThat(averaging.problems(more, STUDENT)).isEmpty();
    try (BoundFeature bound = averaging.bind(more, STUDENT, 5)) {
      double value =
          bound
              .sum(
                  States.random(STUDENT, T, 1).output(),
                  States.random(more, T, 2).output(),
                  FeatureObjectiveContract.mask(FeatureObjectiveContract.lengths(), T))
              .item();
      assertThat(value).isPositive();
    }
  }
}
