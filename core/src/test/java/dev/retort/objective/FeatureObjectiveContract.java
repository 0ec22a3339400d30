package dev.retort.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.retort.catalog.Named;
import dev.retort.model.AttentionVectors;
import dev.retort.model.EncoderOutput;
import dev.retort.tensor.DType;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What every feature objective promises, on random states of a student with two layers and a
/// teacher with four.
interface FeatureObjectiveContract {

  int B = 3;
  int T = 4;
  int D = 6;
  int HEADS = 2;
  ModelShape TEACHER = new ModelShape(4, D, HEADS);
  ModelShape STUDENT = new ModelShape(2, D, HEADS);

  /// The objective under test.
  FeatureObjective objective();

  @Test
  default void isInTheCatalogUnderItsName() {
    String name = objective().getClass().getAnnotation(Named.class).value();

    assertThat(Objectives.CATALOG.type(name)).contains(objective().getClass());
  }

  @Test
  default void modelsThatAgreeAreNoProblem() {
    assertThat(objective().problems(TEACHER, STUDENT)).isEmpty();
  }

  /// Every number that the student computed, moved a little, moves the loss as the gradient says.
  @Test
  default void gradientMatchesFiniteDifferences() {
    try (BoundFeature bound = objective().bind(TEACHER, STUDENT, 5)) {
      States states = States.random(STUDENT, T, 1);
      EncoderOutput teacher = States.random(TEACHER, T, 2).output();
      Tensor mask = mask(lengths(), T);
      List<Tensor> leaves = states.tensors().stream().map(Tensor::requiresGrad).toList();
      bound.sum(states.output(), teacher, mask).backward();
      double h = 1e-5;
      for (Tensor leaf : leaves) {
        double[] values = leaf.toDoubles();
        double[] gradient = leaf.hasGrad() ? leaf.grad().toDoubles() : new double[values.length];
        for (int i = 0; i < values.length; i += 7) {
          double up = moved(bound, states, leaf, values, i, h, teacher, mask);
          double down = moved(bound, states, leaf, values, i, -h, teacher, mask);
          assertThat(gradient[i]).isCloseTo((up - down) / (2 * h), within(1e-6));
        }
      }
    }
  }

  private static double moved(
      BoundFeature bound,
      States states,
      Tensor leaf,
      double[] values,
      int place,
      double by,
      EncoderOutput teacher,
      Tensor mask) {
    double[] changed = values.clone();
    changed[place] += by;
    Tensor live = leaf.detach();
    live.setInPlace(Tensors.of(changed, changed.length).reshape(live.shape()));
    double value = bound.sum(states.output(), teacher, mask).item();
    live.setInPlace(Tensors.of(values, values.length).reshape(live.shape()));
    return value;
  }

  @Test
  default void paddingChangesNothing() {
    try (BoundFeature bound = objective().bind(TEACHER, STUDENT, 5)) {
      double tight =
          bound
              .sum(
                  States.random(STUDENT, T, 1).output(),
                  States.random(TEACHER, T, 2).output(),
                  mask(lengths(), T))
              .item();
      double padded =
          bound
              .sum(
                  States.random(STUDENT, T, 1).padded(3).output(),
                  States.random(TEACHER, T, 2).padded(3).output(),
                  mask(lengths(), T + 3))
              .item();

      assertThat(padded).isCloseTo(tight, within(1e-9));
    }
  }

  @Test
  default void addsUpOverTextsUnlessTheyAreCompared() {
    try (BoundFeature bound = objective().bind(TEACHER, STUDENT, 5)) {
      States student = States.random(STUDENT, T, 1);
      States teacher = States.random(TEACHER, T, 2);
      double whole = bound.sum(student.output(), teacher.output(), mask(lengths(), T)).item();
      double parts = 0;
      for (int text = 0; text < B; text++) {
        parts +=
            bound
                .sum(
                    student.text(text).output(),
                    teacher.text(text).output(),
                    mask(new int[] {lengths()[text]}, T))
                .item();
      }
      if (bound.wholeBatch()) {
        assertThat(parts).isNotCloseTo(whole, within(1e-6));
      } else {
        assertThat(parts).isCloseTo(whole, within(1e-9));
      }
    }
  }

  @Test
  default void isZeroWhereTheStudentIsTheTeacher() {
    try (BoundFeature bound = objective().bind(STUDENT, STUDENT, 5)) {
      EncoderOutput same = States.random(STUDENT, T, 1).output();

      assertThat(bound.sum(same, same, mask(lengths(), T)).item()).isCloseTo(0, within(1e-9));
    }
  }

  @Test
  default void noGradientReachesTheTeacher() {
    try (BoundFeature bound = objective().bind(TEACHER, STUDENT, 5)) {
      States teacher = States.random(TEACHER, T, 2);
      List<Tensor> leaves = teacher.tensors().stream().map(Tensor::requiresGrad).toList();
      States student = States.random(STUDENT, T, 1);
      student.tensors().forEach(Tensor::requiresGrad);
      bound.sum(student.output(), teacher.output(), mask(lengths(), T)).backward();

      assertThat(leaves).noneMatch(Tensor::hasGrad);
    }
  }

  @Test
  default void aTwinGivesTheSame() {
    try (BoundFeature bound = objective().bind(TEACHER, STUDENT, 5);
        BoundFeature twin = bound.twin()) {
      EncoderOutput student = States.random(STUDENT, T, 1).output();
      EncoderOutput teacher = States.random(TEACHER, T, 2).output();
      Tensor mask = mask(lengths(), T);

      assertThat(twin.sum(student, teacher, mask).item())
          .isEqualTo(bound.sum(student, teacher, mask).item());
      assertThat(twin.parameters().keySet()).isEqualTo(bound.parameters().keySet());
    }
  }

  /// The real tokens of each text.
  static int[] lengths() {
    return new int[] {4, 2, 3};
  }

  /// `[B, T]`, 1 for the first tokens of each text.
  static Tensor mask(int[] lengths, int width) {
    long[] mask = new long[lengths.length * width];
    for (int text = 0; text < lengths.length; text++) {
      Arrays.fill(mask, text * width, text * width + lengths[text], 1);
    }
    return Tensors.of(mask, lengths.length, width);
  }

  /// All that an encoder hands out, in 64 bits.
  ///
  /// @param hidden `[B, T, D]`, one more than layers
  /// @param scores `[B, H, T, T]` per layer
  /// @param vectors `[B, T, D]`, three per layer
  record States(List<Tensor> hidden, List<Tensor> scores, List<Tensor> vectors) {

    static States random(ModelShape shape, int width, long seed) {
      Random random = new Random(seed);
      List<Tensor> hidden = new ArrayList<>();
      List<Tensor> scores = new ArrayList<>();
      List<Tensor> vectors = new ArrayList<>();
      hidden.add(normal(random, B, width, shape.hiddenSize()));
      for (int layer = 0; layer < shape.layers(); layer++) {
        hidden.add(normal(random, B, width, shape.hiddenSize()));
        scores.add(withoutPaddedKeys(normal(random, B, shape.heads(), width, width), lengths()));
        for (int i = 0; i < 3; i++) {
          vectors.add(normal(random, B, width, shape.hiddenSize()));
        }
      }
      return new States(hidden, scores, vectors);
    }

    private static Tensor normal(Random random, long... shape) {
      int count = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
      return Tensors.of(random.doubles(count, -1, 1).toArray(), shape);
    }

    /// As an encoder does it: padded keys at a large negative number.
    private static Tensor withoutPaddedKeys(Tensor scores, int[] lengths) {
      Tensor mask = mask(lengths, (int) scores.size(3)).to(DType.FLOAT64);
      return scores.plus(mask.plus(-1.0).times(1e9).unsqueeze(1).unsqueeze(1));
    }

    List<Tensor> tensors() {
      List<Tensor> all = new ArrayList<>(hidden);
      all.addAll(scores);
      all.addAll(vectors);
      return all;
    }

    EncoderOutput output() {
      List<AttentionVectors> ofLayers = new ArrayList<>();
      for (int i = 0; i < vectors.size(); i += 3) {
        ofLayers.add(new AttentionVectors(vectors.get(i), vectors.get(i + 1), vectors.get(i + 2)));
      }
      return new EncoderOutput(hidden.getLast(), hidden, scores, ofLayers);
    }

    /// With `more` padded tokens, whose numbers are large.
    States padded(int more) {
      return new States(
          hidden.stream().map(x -> wider(x, 1, more, 7)).toList(),
          scores.stream().map(x -> wider(wider(x, 2, more, 7), 3, more, -1e9)).toList(),
          vectors.stream().map(x -> wider(x, 1, more, 7)).toList());
    }

    private static Tensor wider(Tensor x, int dim, int more, double value) {
      Tensor like = x.narrow(dim, 0, 1);
      List<Tensor> parts = new ArrayList<>(List.of(x));
      for (int i = 0; i < more; i++) {
        parts.add(Tensors.zerosLike(like).plus(value));
      }
      return Tensors.concatenate(parts, dim);
    }

    States text(int index) {
      return new States(
          hidden.stream().map(x -> x.narrow(0, index, 1)).toList(),
          scores.stream().map(x -> x.narrow(0, index, 1)).toList(),
          vectors.stream().map(x -> x.narrow(0, index, 1)).toList());
    }
  }
}
