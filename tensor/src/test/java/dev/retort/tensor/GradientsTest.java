package dev.retort.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GradientsTest {

  private static final Tensor IDS = Tensors.of(new long[] {3, 1, 3}, 3);

  @Test
  void theNormIsThatOfAllGradientsTogether() {
    Tensor a = Tensors.zeros(1).requiresGrad();
    Tensor b = Tensors.zeros(1).requiresGrad();
    Tensor untouched = Tensors.zeros(1).requiresGrad();
    a.times(3).plus(b.times(4)).sum().backward();
    List<Tensor> all = List.of(a, b, untouched);

    assertThat(Gradients.squaredNorm(all)).isCloseTo(25, within(1e-5));

    Gradients.scale(all, 0.2);
    assertThat(a.grad().item()).isCloseTo(0.6, within(1e-6));
    assertThat(b.grad().item()).isCloseTo(0.8, within(1e-6));
    assertThat(untouched.hasGrad()).isFalse();
  }

  /// Rows that are named twice count once, with both gradients.
  @Test
  void theGradientOfALookupIsThatOfTheEmbedding() {
    Tensor byRows = Tensors.ones(5, 2).requiresGrad();
    Tensor whole = Tensors.ones(5, 2).requiresGrad();
    Functions.lookup(byRows, IDS).times(2).sum().backward();
    Functions.embedding(whole, IDS).times(2).sum().backward();

    assertThat(byRows.grad().toFloats()).containsExactly(whole.grad().toFloats());
    assertThat(Gradients.squaredNorm(List.of(byRows)))
        .isCloseTo(Gradients.squaredNorm(List.of(whole)), within(1e-6));
    Gradients.scale(List.of(byRows), 0.5);
    Gradients.scale(List.of(whole), 0.5);
    assertThat(byRows.grad().toFloats()).containsExactly(whole.grad().toFloats(), within(1e-7f));
  }

  @Test
  void movingAddsAndForgets() {
    Tensor dense = Tensors.ones(2).requiresGrad();
    Tensor denseTwin = Tensors.ones(2).requiresGrad();
    Tensor table = Tensors.ones(5, 1).requiresGrad();
    Tensor tableTwin = Tensors.ones(5, 1).requiresGrad();
    Tensor untouched = Tensors.ones(1).requiresGrad();
    Tensor untouchedTwin = Tensors.ones(1).requiresGrad();
    dense.times(3).sum().backward();
    denseTwin.times(4).sum().backward();
    Functions.lookup(table, IDS).sum().backward();
    Functions.lookup(tableTwin, Tensors.of(new long[] {0, 1}, 2)).sum().backward();

    Gradients.move(named(denseTwin, tableTwin, untouchedTwin), named(dense, table, untouched));

    assertThat(dense.grad().toFloats()).containsExactly(7, 7);
    assertThat(table.grad().toFloats()).containsExactly(1, 2, 0, 2, 0);
    assertThat(denseTwin.hasGrad()).isFalse();
    assertThat(tableTwin.hasGrad()).isFalse();
    assertThat(untouched.hasGrad()).isFalse();
  }

  @Test
  void movingToNothingHandsTheGradientOver() {
    Tensor from = Tensors.ones(2).requiresGrad();
    Tensor to = Tensors.ones(2).requiresGrad();
    from.times(3).sum().backward();

    Gradients.move(named(from), named(to));

    assertThat(to.grad().toFloats()).containsExactly(3, 3);
    assertThat(from.hasGrad()).isFalse();
  }

  private static Map<String, Tensor> named(Tensor... tensors) {
    Map<String, Tensor> named = new LinkedHashMap<>();
    for (Tensor tensor : tensors) {
      named.put("tensor " + named.size(), tensor);
    }
    return named;
  }
}
