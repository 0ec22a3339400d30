package dev.retort.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.retort.model.Pooling;
import dev.retort.objective.FeatureObjectiveContract.States;
import dev.retort.tensor.DType;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DeepToShallowTest {

  private static final int B = FeatureObjectiveContract.B;
  private static final int T = FeatureObjectiveContract.T;
  private static final int D = FeatureObjectiveContract.D;
  private static final int V = 5;
  private static final ModelShape SHAPE = new ModelShape(3, D, 2, V);
  private static final long[] LABELS = {2, -1, 4};
  private static final DeepToShallow OBJECTIVE =
      new DeepToShallow(List.of(), 0.4, 3, 0.2, Pooling.MEAN);

  /// The formula, written out in plain Java.
  @Test
  void isTheMixOfLabelsDecisionAndHintOverAllLayersButTheLast() {
    States states = States.random(SHAPE, T, 1);
    double[] own = random(7, B * V);
    try (BoundSelf bound = inDoubles(OBJECTIVE)) {
      double expected = 0;
      for (int layer : List.of(0, 1)) {
        double[] weight =
            Objects.requireNonNull(bound.parameters().get("head.%d.weight".formatted(layer)))
                .toDoubles();
        double[] bias =
            Objects.requireNonNull(bound.parameters().get("head.%d.bias".formatted(layer)))
                .toDoubles();
        for (int text = 0; text < B; text++) {
          double[] shallow = pooled(states.hidden().get(layer + 1), text);
          double[] deep = pooled(states.hidden().getLast(), text);
          double[] logits = new double[V];
          for (int v = 0; v < V; v++) {
            int row = v;
            logits[v] =
                bias[v]
                    + IntStream.range(0, D)
                        .mapToDouble(d -> weight[row * D + d] * shallow[d])
                        .sum();
          }
          double[] z = Arrays.copyOfRange(own, text * V, (text + 1) * V);
          double ce = LABELS[text] < 0 ? 0 : -Math.log(softmax(logits, 1)[(int) LABELS[text]]);
          double hint =
              IntStream.range(0, D).mapToDouble(d -> Math.pow(shallow[d] - deep[d], 2)).sum() / D;
          expected += 0.6 * ce + 0.4 * 9 * kl(softmax(z, 3), softmax(logits, 3)) + 0.2 * hint;
        }
      }

      assertThat(sum(bound, states, own)).isCloseTo(expected / 2, within(1e-9));
    }
  }

  @Test
  void everyGradientMatchesFiniteDifferences() {
    States states = States.random(SHAPE, T, 1);
    double[] own = random(7, B * V);
    try (BoundSelf bound = inDoubles(OBJECTIVE)) {
      Tensor ownLeaf = Tensors.of(own, B, V).requiresGrad();
      Tensor lastLeaf = states.hidden().getLast().requiresGrad();
      Tensor shallow = states.hidden().get(1).requiresGrad();
      List<Tensor> leaves =
          List.of(
              shallow,
              states.hidden().get(2).requiresGrad(),
              bound.parameters().get("head.0.weight"),
              bound.parameters().get("head.1.bias"));
      bound.sum(states.output(), rows(ownLeaf), mask()).backward();

      assertThat(ownLeaf.hasGrad()).isFalse();
      assertThat(lastLeaf.hasGrad()).isFalse();
      for (Tensor leaf : leaves) {
        double[] gradient = leaf.grad().toDoubles();
        for (int i = 0; i < gradient.length; i += 5) {
          double numeric =
              (moved(bound, states, own, leaf, i, 1e-5) - moved(bound, states, own, leaf, i, -1e-5))
                  / 2e-5;
          assertThat(gradient[i]).isCloseTo(numeric, within(1e-6));
        }
      }
    }
  }

  @Test
  void paddingChangesNothing() {
    States states = States.random(SHAPE, T, 1);
    double[] own = random(7, B * V);
    try (BoundSelf bound = inDoubles(OBJECTIVE)) {
      double padded =
          bound
              .sum(
                  states.padded(2).output(),
                  rows(Tensors.of(own, B, V)),
                  FeatureObjectiveContract.mask(FeatureObjectiveContract.lengths(), T + 2))
              .item();

      assertThat(padded).isCloseTo(sum(bound, states, own), within(1e-9));
    }
  }

  @Test
  void onlyChosenLayersGetAHeadAndATwinSharesIt() {
    DeepToShallow second = new DeepToShallow(List.of(1), 0.5, 2, 0, Pooling.CLS);
    try (BoundSelf bound = second.bind(SHAPE, SHAPE, 5);
        BoundSelf again = second.bind(SHAPE, SHAPE, 5);
        BoundSelf twin = bound.twin()) {
      assertThat(bound.parameters().keySet()).containsExactly("head.1.weight", "head.1.bias");
      assertThat(Objects.requireNonNull(bound.parameters().get("head.1.weight")).shape())
          .containsExactly(V, D);
      assertThat(Objects.requireNonNull(again.parameters().get("head.1.weight")).toFloats())
          .containsExactly(
              Objects.requireNonNull(bound.parameters().get("head.1.weight")).toFloats());
      Objects.requireNonNull(bound.parameters().get("head.1.bias"))
          .detach()
          .addInPlace(Tensors.ones(V));
      assertThat(Objects.requireNonNull(twin.parameters().get("head.1.bias")).toFloats())
          .containsOnly(1);
    }
  }

  @Test
  void layersThatCannotLearnFromADeeperOneAreNamed() {
    DeepToShallow wrong = new DeepToShallow(List.of(0, 2, -1), 0.5, 2, 0, Pooling.MEAN);

    assertThat(wrong.problems(SHAPE, SHAPE))
        .containsExactly(
            "layers: 2 is no layer below the student's last; it has layers 0 to 2",
            "layers: -1 is no layer below the student's last; it has layers 0 to 2");
    assertThat(OBJECTIVE.problems(SHAPE, SHAPE)).isEmpty();
    assertThat(OBJECTIVE.problems(SHAPE, new ModelShape(1, D, 2))).hasSize(1);
  }

  @Test
  void isInTheCatalog() {
    assertThat(Objectives.CATALOG.type("deep-to-shallow")).contains(DeepToShallow.class);
  }

  /// The bound objective with random heads in 64 bits.
  private static BoundSelf inDoubles(DeepToShallow objective) {
    SequencedMap<String, Tensor> heads = new LinkedHashMap<>();
    for (int layer : List.of(0, 1)) {
      heads.put(
          "head.%d.weight".formatted(layer),
          Tensors.of(random(11 + layer, V * D), V, D).keep().requiresGrad());
      heads.put(
          "head.%d.bias".formatted(layer),
          Tensors.of(random(13 + layer, V), V).keep().requiresGrad());
    }
    return objective.withHeads(List.of(0, 1), heads);
  }

  private static double sum(BoundSelf bound, States states, double[] own) {
    return bound.sum(states.output(), rows(Tensors.of(own, B, V)), mask()).item();
  }

  private static double moved(
      BoundSelf bound, States states, double[] own, Tensor leaf, int place, double by) {
    double[] values = leaf.toDoubles();
    double[] changed = values.clone();
    changed[place] += by;
    Tensor live = leaf.detach();
    live.setInPlace(Tensors.of(changed, changed.length).reshape(live.shape()));
    double value = sum(bound, states, own);
    live.setInPlace(Tensors.of(values, values.length).reshape(live.shape()));
    return value;
  }

  private static Rows rows(Tensor logitsNV) {
    return new Rows(logitsNV, Optional.empty(), Tensors.of(LABELS, B));
  }

  private static Tensor mask() {
    return FeatureObjectiveContract.mask(FeatureObjectiveContract.lengths(), T);
  }

  private static double[] pooled(Tensor hiddenBTD, int text) {
    double[] all = hiddenBTD.to(DType.FLOAT64).toDoubles();
    int length = FeatureObjectiveContract.lengths()[text];
    double[] mean = new double[D];
    for (int token = 0; token < length; token++) {
      for (int d = 0; d < D; d++) {
        mean[d] += all[(text * T + token) * D + d] / length;
      }
    }
    return mean;
  }

  private static double[] softmax(double[] logits, double temperature) {
    double[] exp = Arrays.stream(logits).map(x -> Math.exp(x / temperature)).toArray();
    double total = Arrays.stream(exp).sum();
    return Arrays.stream(exp).map(x -> x / total).toArray();
  }

  private static double kl(double[] p, double[] q) {
    return IntStream.range(0, p.length).mapToDouble(i -> p[i] * Math.log(p[i] / q[i])).sum();
  }

  private static double[] random(long seed, int count) {
    return new Random(seed).doubles(count, -1, 1).toArray();
  }
}
