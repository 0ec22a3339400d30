package dev.retort.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retort.data.ImageBatch;
import dev.retort.data.ImageDataset;
import dev.retort.data.ImageShape;
import dev.retort.tensor.Functions;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultilayerPerceptronTest {

  private static final ImageShape PICTURE = new ImageShape(1, 2, 2);

  /// By hand: pixels 1, 0, 0.2, 0; first layer 1 − 0.2 = 0.8 and −1 → 0; logits 2 · 0.8 + 0.1 and 3
  /// · 0.
  @Test
  void computesWhatTheFormulaSays() {
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("hidden.0.weight", leaf(new float[] {1, 5, -1, 5, -1, 5, 0, 5}, 2, 4));
    tensors.put("hidden.0.bias", leaf(new float[] {0, 0}, 2));
    tensors.put("head.output.weight", leaf(new float[] {2, 7, 0, 3}, 2, 2));
    tensors.put("head.output.bias", leaf(new float[] {0.1f, 0}, 2));
    ImageBatch batch = new ImageBatch(new int[1], PICTURE, new byte[] {-1, 0, 51, 0}, new int[1]);
    try (Scope _ = Scope.open();
        MultilayerPerceptron model =
            new MultilayerPerceptron(
                new MultilayerPerceptron.Shape(4, List.of(2), 2, 0, 0), new Parameters(tensors))) {
      NetworkOutput output = model.forward(batch, ForwardMode.EVALUATE);

      assertThat(output.pooledND().toFloats())
          .containsExactly(new float[] {0.8f, 0}, within(1e-6f));
      assertThat(output.logitsNV().toFloats())
          .containsExactly(new float[] {1.7f, 0}, within(1e-6f));
    }
  }

  @Test
  void namesAndShapesAreThoseOfALinearLayer() {
    try (MultilayerPerceptron model = model(0)) {
      assertThat(model.parameters().byName())
          .extractingFromEntries(entry -> entry.getKey() + shape(entry.getValue()))
          .containsExactly(
              "hidden.0.weight[6, 4]",
              "hidden.0.bias[6]",
              "hidden.1.weight[5, 6]",
              "hidden.1.bias[5]",
              "head.output.weight[3, 5]",
              "head.output.bias[3]");
      assertThat(model.parameters().count()).isEqualTo(24 + 6 + 30 + 5 + 15 + 3);
      assertThat(model.tables()).isEmpty();
    }
  }

  /// Every gradient against central differences. Rectifiers have kinks, which the small step misses
  /// unless a value is at one.
  @Test
  void gradientsMatchFiniteDifferences() {
    ImageBatch batch = images(7).batch(0, 1, 2, 3, 4, 5, 6);
    try (Scope _ = Scope.open();
        MultilayerPerceptron model = model(0.3)) {
      model.parameters().byName().forEach(MultilayerPerceptronTest::leaveTheKink);
      loss(model, batch).backward();
      model.parameters().byName().forEach((name, tensor) -> compare(name, tensor, model, batch));
    }
  }

  /// A unit whose inputs were all dropped is at its kink where its bias is 0.
  private static void leaveTheKink(String name, Tensor parameter) {
    if (name.endsWith("bias")) {
      parameter.detach().addInPlace(Tensors.scalar(0.05));
    }
  }

  private static void compare(
      String name, Tensor parameter, MultilayerPerceptron model, ImageBatch batch) {
    float[] gradient = parameter.grad().toFloats();
    float[] values = parameter.toFloats();
    float step = 2e-3f;
    for (int i = 0; i < values.length; i++) {
      double above = lossAt(parameter, values, i, step, model, batch);
      double below = lossAt(parameter, values, i, -step, model, batch);
      assertThat(gradient[i])
          .as("%s[%d]", name, i)
          .isCloseTo((float) ((above - below) / (2 * step)), within(5e-3f));
    }
  }

  private static double lossAt(
      Tensor parameter,
      float[] values,
      int index,
      float step,
      MultilayerPerceptron model,
      ImageBatch batch) {
    float[] moved = values.clone();
    moved[index] += step;
    parameter.detach().setInPlace(Tensors.of(moved, parameter.shape()));
    double loss = loss(model, batch).item();
    parameter.detach().setInPlace(Tensors.of(values, parameter.shape()));
    return loss;
  }

  /// With dropout, whose numbers are the same each time.
  private static Tensor loss(MultilayerPerceptron model, ImageBatch batch) {
    return Functions.logSoftmax(
            model.forward(batch, ForwardMode.train(Precision.FP32, 3)).logitsNV(), -1)
        .gather(1, TokenBatches.labels(batch).unsqueeze(1))
        .sum()
        .times(-1);
  }

  @Test
  void dropoutHidesInTrainingOnly() {
    ImageBatch batch = images(7).batch(0, 1, 2);
    try (Scope _ = Scope.open();
        MultilayerPerceptron model = model(0.3)) {
      float[] plain = logits(model, batch, ForwardMode.EVALUATE);

      assertThat(logits(model, batch, ForwardMode.EVALUATE)).containsExactly(plain);
      assertThat(logits(model, batch, ForwardMode.train(Precision.FP32, 1))).isNotEqualTo(plain);
      assertThat(logits(model, batch, ForwardMode.train(Precision.FP32, 1)))
          .containsExactly(logits(model, batch, ForwardMode.train(Precision.FP32, 1)))
          .isNotEqualTo(logits(model, batch, ForwardMode.train(Precision.FP32, 2)));
    }
  }

  @Test
  void halfPrecisionStaysClose() {
    ImageBatch batch = images(7).batch(0, 1, 2);
    try (Scope _ = Scope.open();
        MultilayerPerceptron model = model(0)) {
      assertThat(logits(model, batch, ForwardMode.evaluate(Precision.BF16)))
          .containsExactly(logits(model, batch, ForwardMode.EVALUATE), within(0.05f));
    }
  }

  @Test
  void aTwinSharesWeightsButNotGradients() {
    ImageBatch batch = images(7).batch(0, 1, 2);
    try (Scope _ = Scope.open();
        MultilayerPerceptron model = model(0);
        MultilayerPerceptron twin = model.twin()) {
      loss(twin, batch).backward();

      assertThat(model.parameters().all()).noneMatch(Tensor::hasGrad);
      assertThat(twin.parameters().all()).allMatch(Tensor::hasGrad);
      model.parameters().get("hidden.0.weight").detach().timesInPlace(2);
      assertThat(logits(twin, batch, ForwardMode.EVALUATE))
          .containsExactly(logits(model, batch, ForwardMode.EVALUATE));
    }
  }

  /// Variance 2 / in before a rectifier keeps the size of what flows through, whatever the width.
  @ParameterizedTest
  @ValueSource(ints = {100, 400})
  void weightsBeginWithTheVarianceOfHe(int width) {
    MultilayerPerceptron.Shape shape =
        new MultilayerPerceptron.Shape(width, List.of(300), 200, 0, 0);
    try (Scope _ = Scope.open();
        MultilayerPerceptron model = MultilayerPerceptron.random(shape, 1);
        MultilayerPerceptron same = MultilayerPerceptron.random(shape, 1)) {
      assertThat(meanSquare(model, "hidden.0.weight")).isCloseTo(2.0 / width, within(0.1 / width));
      assertThat(meanSquare(model, "head.output.weight")).isCloseTo(1.0 / 300, within(0.05 / 300));
      assertThat(meanSquare(model, "hidden.0.bias")).isZero();
      assertThat(meanSquare(same, "hidden.0.weight"))
          .isEqualTo(meanSquare(model, "hidden.0.weight"));
    }
  }

  @Test
  void impossibleShapesAreRefused() {
    assertThatThrownBy(() -> new MultilayerPerceptron.Shape(4, List.of(3, 0), 2, 0, 0))
        .hasMessageContaining("[3, 0]");
    assertThatThrownBy(() -> new MultilayerPerceptron.Shape(4, List.of(), 2, 1, 0))
        .hasMessageContaining("inputDropout is 1.0");
    assertThatThrownBy(() -> new MultilayerPerceptron.Shape(4, List.of(), 2, 0, -0.1))
        .hasMessageContaining("hiddenDropout is -0.1");
  }

  private static double meanSquare(MultilayerPerceptron model, String name) {
    Tensor tensor = model.parameters().get(name);
    return tensor.detach().square().sum().item() / tensor.elements();
  }

  private static float[] logits(MultilayerPerceptron model, ImageBatch batch, ForwardMode mode) {
    return model.forward(batch, mode).logitsNV().toFloats();
  }

  private static MultilayerPerceptron model(double dropout) {
    return MultilayerPerceptron.random(
        new MultilayerPerceptron.Shape(4, List.of(6, 5), 3, dropout, dropout), 1);
  }

  private static ImageDataset images(int count) {
    byte[] pixels = new byte[count * PICTURE.values()];
    new Random(1).nextBytes(pixels);
    int[] labels = new Random(2).ints(count, 0, 3).toArray();
    return ImageDataset.of(PICTURE, pixels, labels);
  }

  private static Tensor leaf(float[] values, long... shape) {
    return Tensors.of(values, shape).keep().requiresGrad();
  }

  private static String shape(Tensor tensor) {
    return Arrays.toString(tensor.shape());
  }
}
