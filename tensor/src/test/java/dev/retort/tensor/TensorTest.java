package dev.retort.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TensorTest {

  @Test
  void knowsItsShapeTypeAndValues() {
    Tensor matrix = Tensors.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);

    assertThat(matrix.shape()).containsExactly(2, 3);
    assertThat(matrix.size(-1)).isEqualTo(3);
    assertThat(matrix.dtype()).isEqualTo(DType.FLOAT32);
    assertThat(matrix.device()).isEqualTo(Device.CPU);
    assertThat(matrix.transpose(0, 1).toFloats()).containsExactly(1, 4, 2, 5, 3, 6);
    assertThat(matrix.toFloatRows()[1]).containsExactly(4, 5, 6);
  }

  @Test
  void refusesValuesThatDoNotFillTheShape() {
    assertThatThrownBy(() -> Tensors.of(new float[5], 2, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("5 values cannot be shaped [2, 3]");
  }

  @Test
  void refusesToBeReadAsOneNumberWhenItIsNot() {
    assertThatThrownBy(() -> Tensors.zeros(2).item())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("item() of a tensor of shape [2]");
  }

  @Test
  void survivesABytesRoundTripInEveryType() {
    for (DType type : DType.values()) {
      Tensor values = Tensors.of(new float[] {0, 1, 1, 0}, 2, 2).to(type);

      Tensor back = Tensors.of(Tensors.raw(values));

      assertThat(back.dtype()).isEqualTo(type);
      assertThat(back.toFloats()).as(type.name()).containsExactly(0, 1, 1, 0);
    }
  }

  @Test
  void aViewOfItsBytesFollowsTheTensor() {
    Tensor values = Tensors.of(new float[] {1, 2}, 2);
    RawTensor view = Tensors.view(values);
    RawTensor copy = Tensors.raw(values);

    values.timesInPlace(10);

    assertThat(view.toFloats()).containsExactly(10, 20);
    assertThat(copy.toFloats()).containsExactly(1, 2);
    assertThat(Tensors.view(Tensors.of(new float[] {1, 2, 3, 4}, 2, 2).transpose(0, 1)).toFloats())
        .containsExactly(1, 3, 2, 4);
  }

  @Test
  void gradientsOfSeveralOutputsAddUp() {
    Tensor x = Tensors.of(new float[] {1, 2}, 2).requiresGrad();
    Tensor y = x.times(3);
    Tensor z = x.square().sum();

    Functions.backward(
        List.of(y, z), List.of(Tensors.of(new float[] {1, 10}, 2), Tensors.scalar(1)));

    assertThat(x.grad().toFloats()).containsExactly(3 + 2, 30 + 4);
  }

  @Test
  void nothingIsRecordedWithoutGradients() {
    Tensor x = Tensors.ones(2).requiresGrad();
    try (NoGrad _ = NoGrad.open()) {
      Tensor y = x.times(2).sum();
      assertThatThrownBy(y::backward).isInstanceOf(RuntimeException.class);
    }
    x.times(2).sum().backward();
    assertThat(x.grad().toFloats()).containsExactly(2, 2);
  }

  @Test
  void fusedAttentionEqualsThePlainOne() {
    Seed.set(3);
    Tensor q = Tensors.normal(0, 1, 2, 3, 5, 4);
    Tensor k = Tensors.normal(0, 1, 2, 3, 5, 4);
    Tensor v = Tensors.normal(0, 1, 2, 3, 5, 4);
    Tensor bias = Tensors.normal(0, 1, 2, 1, 1, 5);

    Tensor scores = q.matmul(k.transpose(-2, -1)).times(0.5).plus(bias);
    float[] plain = Functions.softmax(scores, -1).matmul(v).toFloats();

    assertThat(Functions.attention(q, k, v, bias).toFloats()).containsExactly(plain, within(1e-5f));
  }

  @Test
  void seedsRepeatTheSameNumbers() {
    Seed.set(Seed.derive(7, 1));
    float[] first = Tensors.normal(0, 1, 8).toFloats();
    Seed.set(Seed.derive(7, 1));
    float[] again = Tensors.normal(0, 1, 8).toFloats();
    Seed.set(Seed.derive(7, 2));

    assertThat(again).containsExactly(first);
    assertThat(Tensors.normal(0, 1, 8).toFloats()).isNotEqualTo(first);
  }

  @Test
  void keptTensorsOutliveTheirScope() {
    Tensor kept;
    try (Scope _ = Scope.open()) {
      kept = Tensors.ones(4).times(2).keep();
    }
    assertThat(kept.toFloats()).containsExactly(2, 2, 2, 2);
    kept.close();
  }

  /// A training step's worth of tensors, 1,000 times: resident memory must stay where it was.
  @Test
  void memoryStaysFlatOverAThousandSteps() throws IOException {
    Tensor weight = Tensors.normal(0, 0.02, 128, 128).requiresGrad();
    steps(weight, 200);
    long before = residentKilobytes();

    steps(weight, 1000);

    // One step makes about 0.4 MB of tensors: a leak of a tenth of them would show.
    assertThat(residentKilobytes() - before).isLessThan(40_000);
  }

  private static void steps(Tensor weight, int count) {
    for (int step = 0; step < count; step++) {
      try (Scope _ = Scope.open()) {
        Tensor x = Tensors.ones(128, 128);
        Functions.gelu(Functions.linear(x, weight, Optional.empty())).sum().backward();
        Gradients.drop(List.of(weight));
      }
    }
  }

  private static long residentKilobytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatAComputationYieldsOutlivesTheRestOfIt() {
    try (Scope _ = Scope.open()) {
      Tensor x = Tensors.of(new float[] {1, 2, 3}, 3).requiresGrad();
      List<Tensor> between = new ArrayList<>();

      Tensor y =
          Scope.within(() -> {
            Tensor squared = x.square();
            between.add(squared);
            return squared.times(squared);
          });
      y.sum().backward();

      assertThat(y.toFloats()).containsExactly(1, 16, 81);
      assertThat(x.grad().toFloats()).containsExactly(4, 32, 108);
      assertThat(between.getFirst().handle().isNull()).isTrue();
    }
  }

  @Test
  void theGreatestElementsAreFoundInDescendingOrder() {
    try (Scope _ = Scope.open()) {
      Tensor x = Tensors.of(new float[] {3, 9, 1, 7, 5, 0, 2, 8}, 2, 4);

      assertThat(Functions.indicesOfGreatest(x, 2, -1).toDoubles()).containsExactly(1, 3, 3, 0);
    }
  }

  @Test
  void elementsAreCountedRowByRow() {
    try (Scope _ = Scope.open()) {
      Tensor ascending = Tensors.of(new double[] {1, 1, 4, 2, 3, 5}, 2, 3);
      Tensor x = Tensors.of(new double[] {0, 1, 9, 4}, 2, 2);

      assertThat(Functions.countAtMost(ascending, x).toDoubles()).containsExactly(0, 2, 3, 2);
    }
  }
}
