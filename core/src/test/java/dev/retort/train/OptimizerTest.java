package dev.retort.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.retort.model.Precision;
import dev.retort.recipe.Keep;
import dev.retort.recipe.Schedule;
import dev.retort.recipe.TrainSettings;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import dev.retort.tensor.Workers;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OptimizerTest {

  private static final double RATE = 0.01;
  private static final double DECAY = 0.1;

  private final SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();

  private Tensor parameter(String name, long... shape) {
    Tensor tensor = Tensors.ones(shape).requiresGrad();
    parameters.put(name, tensor);
    return tensor;
  }

  /// Adam's first step is of the size of the rate, whatever the gradient; decay comes on top.
  @Test
  void groupsDifferInDecayAndRate() {
    Tensor matrix = parameter("encoder.weight", 2, 2);
    Tensor vector = parameter("encoder.bias", 2);
    Tensor headMatrix = parameter("head.output.weight", 2, 2);
    Tensor headVector = parameter("head.output.bias", 2);
    Tensor table = parameter("words", 3, 2);
    matrix.sum().plus(vector.sum()).plus(headMatrix.sum()).plus(headVector.sum()).backward();
    table.narrow(0, 0, 1).sum().backward();

    step(5);

    assertThat(matrix.toFloats()[0]).isCloseTo(moved(RATE, DECAY), within(1e-6f));
    assertThat(vector.toFloats()[0]).isCloseTo(moved(RATE, 0), within(1e-6f));
    assertThat(headMatrix.toFloats()[0]).isCloseTo(moved(5 * RATE, DECAY), within(1e-6f));
    assertThat(headVector.toFloats()[0]).isCloseTo(moved(5 * RATE, 0), within(1e-6f));
    assertThat(table.toFloats()[0]).isCloseTo(moved(RATE, DECAY), within(1e-6f));
    assertThat(matrix.hasGrad()).isFalse();
  }

  @Test
  void theStateNamesEveryParameterOnce() {
    parameter("encoder.weight", 2, 2);
    parameter("encoder.bias", 2);
    parameter("head.output.weight", 2, 2);
    parameter("words", 3, 2);
    try (Workers workers = Workers.share(1);
        Optimizer optimizer = new Optimizer(parameters, Set.of("words"), settings(1), workers)) {
      assertThat(optimizer.state().keySet())
          .filteredOn(name -> name.endsWith(".step"))
          .containsExactlyInAnyOrder(
              "encoder.weight.step", "encoder.bias.step", "head.output.weight.step", "words.step");
    }
  }

  /// The norm is joint over both workers' parts: 2² · 3 + 2² = 16, halved twice to be 1.
  @Test
  void gradientsAreClippedToTheirJointNorm() {
    Tensor large = parameter("large", 3);
    Tensor small = parameter("small", 1);
    large.sum().times(2).plus(small.sum().times(2)).backward();
    try (Workers workers = Workers.share(2);
        Optimizer optimizer = new Optimizer(parameters, Set.of(), settings(1), workers)) {
      assertThat(optimizer.step(RATE, 1)).isCloseTo(4, within(1e-6));

      assertThat(optimizer.state()).containsKeys("large.firstMoment", "small.firstMoment");
      optimizer
          .state()
          .forEach((name, state) -> {
            if (name.endsWith(".firstMoment")) {
              assertThat(state.toFloats()[0]).isCloseTo(0.1f * 0.5f, within(1e-6f));
            }
          });
    }
  }

  private void step(double headRate) {
    try (Workers workers = Workers.share(2);
        Optimizer optimizer =
            new Optimizer(parameters, Set.of("words"), settings(headRate), workers)) {
      assertThat(optimizer.step(RATE, 100)).isCloseTo(Math.sqrt(14), within(1e-5));
    }
  }

  private static float moved(double rate, double decay) {
    return (float) (1 - rate * decay - rate);
  }

  private static TrainSettings settings(double headRate) {
    return new TrainSettings(
        1,
        1,
        1,
        RATE,
        headRate,
        new Schedule.Constant(0),
        DECAY,
        100,
        Precision.FP32,
        7,
        Optional.empty(),
        Keep.BEST,
        1);
  }
}
