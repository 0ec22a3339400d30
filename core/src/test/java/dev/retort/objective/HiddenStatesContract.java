package dev.retort.objective;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.model.EncoderOutput;
import dev.retort.tensor.DType;
import dev.retort.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What losses on hidden states promise beyond [FeatureObjectiveContract].
interface HiddenStatesContract extends FeatureObjectiveContract {

  /// The objective under test with these settings.
  FeatureObjective objective(Layers layers, boolean embeddings);

  @Override
  default FeatureObjective objective() {
    return objective(new Layers(LayerMap.UNIFORM, List.of()), true);
  }

  @Test
  default void aProjectionIsTrainedWhereWidthsDiffer() {
    ModelShape wide = new ModelShape(4, 2 * D, HEADS);
    try (BoundFeature bound = objective().bind(wide, STUDENT, 5)) {
      assertThat(bound.parameters().sequencedKeySet())
          .containsExactly("projection.0-0", "projection.1-2", "projection.2-4");
      States student = States.random(STUDENT, T, 1);
      States teacher = States.random(wide, T, 2);
      EncoderOutput single =
          new EncoderOutput(
              student.hidden().getLast(),
              student.hidden().stream().map(x -> x.to(DType.FLOAT32)).toList(),
              List.of(),
              List.of());
      bound
          .sum(
              single,
              teacher.output(),
              FeatureObjectiveContract.mask(FeatureObjectiveContract.lengths(), T))
          .backward();
      assertThat(bound.parameters().values()).allMatch(Tensor::hasGrad);
    }
    try (BoundFeature bound = objective().bind(TEACHER, STUDENT, 5)) {
      assertThat(bound.parameters()).isEmpty();
    }
  }

  @Test
  default void namesALayerThatDoesNotExist() {
    assertThat(
            objective(new Layers(LayerMap.UNIFORM, List.of(new LayerPair(2, 4))), false)
                .problems(TEACHER, STUDENT))
        .containsExactly(
            "pairs: layer 2 of the student does not exist; it has layers 0 to 1",
            "pairs: layer 4 of the teacher does not exist; it has layers 0 to 3");
  }
}
