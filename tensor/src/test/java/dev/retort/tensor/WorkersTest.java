package dev.retort.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WorkersTest {

  @Test
  void resultsComeInTheOrderOfTheItems() {
    try (Workers workers = Workers.share(3)) {
      List<Integer> items = IntStream.range(0, 100).boxed().toList();

      assertThat(workers.map(items, item -> item * item))
          .containsExactlyElementsOf(items.stream().map(item -> item * item).toList());
    }
  }

  @Test
  void workRunsSideBySide() {
    try (Workers workers = Workers.share(2)) {
      CountDownLatch both = new CountDownLatch(2);
      List<Boolean> met =
          workers.map(
              List.of(1, 2),
              _ -> {
                both.countDown();
                try {
                  return both.await(30, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                  return false;
                }
              });

      assertThat(met).containsExactly(true, true);
    }
  }

  @Test
  void theBackwardPassOfTwoThreadsGivesTheGradientsOfOne() {
    Tensor weight = Tensors.normal(0, 1, 16, 16).requiresGrad();
    Tensor x = Tensors.normal(0, 1, 64, 16);
    List<Tensor> twins =
        IntStream.range(0, 2).mapToObj(_ -> weight.detach().requiresGrad()).toList();
    try (Workers workers = Workers.share(2)) {
      workers.forEach(
          List.of(0, 1),
          half -> {
            try (Scope _ = Scope.open()) {
              x.narrow(0, half * 32L, 32).matmul(twins.get(half)).square().sum().backward();
            }
          });
    }
    twins.forEach(twin -> Gradients.move(Map.of("weight", twin), Map.of("weight", weight)));
    float[] parts = weight.grad().toFloats();
    weight.dropGrad();
    x.matmul(weight).square().sum().backward();

    assertThat(parts).containsExactly(weight.grad().toFloats(), within(1e-2f));
  }

  @Test
  void theFirstFailureComesOutWhenAllIsDone() {
    List<Integer> done = new ArrayList<>();
    try (Workers workers = Workers.share(1)) {
      assertThatThrownBy(() ->
              workers.forEach(
                  List.of(1, 2, 3),
                  item -> {
                    if (item == 2) {
                      throw new IllegalArgumentException("two");
                    }
                    done.add(item);
                  }))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("two");
    }
    assertThat(done).containsExactly(1, 3);
  }

  @Test
  void closingRestoresTheThreadsOfProducts() {
    int before = BlasThreads.limit(1);
    BlasThreads.limit(before);
    Workers.share(1).close();

    assertThat(BlasThreads.limit(before)).isEqualTo(before);
  }
}
