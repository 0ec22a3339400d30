package dev.retort.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.retort.catalog.Named;
import dev.retort.signal.Need;
import dev.retort.tensor.DType;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What every objective on embeddings promises.
interface EmbeddingObjectiveContract {

  int TEXTS = 5;
  int WIDTH = 4;
  ModelShape SHAPE = new ModelShape(2, WIDTH, 2);

  /// The objective under test.
  EmbeddingObjective objective();

  @Test
  default void isInTheCatalogUnderItsName() {
    String name = objective().getClass().getAnnotation(Named.class).value();

    assertThat(Objectives.CATALOG.type(name)).contains(objective().getClass());
    assertThat(objective().needs()).containsExactly(Need.EMBEDDING);
  }

  @Test
  default void isZeroWhereTheStudentIsItsTeacher() {
    try (BoundEmbedding bound = objective().bind(SHAPE, SHAPE, 1)) {
      Tensor vectors = random(TEXTS, WIDTH, 1);

      assertThat(bound.sum(vectors, vectors).item()).isCloseTo(0, within(1e-12));
      assertThat(bound.sum(vectors, random(TEXTS, WIDTH, 2)).item()).isGreaterThan(1e-3);
    }
  }

  @Test
  default void gradientMatchesFiniteDifferences() {
    try (BoundEmbedding bound = objective().bind(SHAPE, SHAPE, 1)) {
      Tensor teacher = random(TEXTS, WIDTH, 2);
      double[] values = random(TEXTS, WIDTH, 1).toDoubles();
      Tensor leaf = of(values).requiresGrad();
      bound.sum(leaf, teacher).backward();
      double[] gradient = leaf.grad().toDoubles();
      double h = 1e-6;
      for (int i = 0; i < values.length; i++) {
        double difference =
            bound.sum(of(moved(values, i, h)), teacher).item()
                - bound.sum(of(moved(values, i, -h)), teacher).item();
        assertThat(gradient[i]).isCloseTo(difference / (2 * h), within(1e-5));
      }
    }
  }

  @Test
  default void anotherWidthIsNoProblem() {
    ModelShape wide = new ModelShape(2, WIDTH + 3, 1);
    try (BoundEmbedding bound = objective().bind(wide, SHAPE, 1);
        BoundEmbedding same = objective().bind(wide, SHAPE, 1)) {
      Tensor student = random(TEXTS, WIDTH, 1).to(DType.FLOAT32);
      Tensor teacher = random(TEXTS, WIDTH + 3, 2).to(DType.FLOAT32);
      Tensor sum = bound.sum(student, teacher);

      assertThat(sum.item()).isPositive().isEqualTo(same.sum(student, teacher).item());
      if (!bound.wholeBatch()) {
        sum.backward();
        assertThat(bound.parameters().sequencedValues().getFirst().grad().shape())
            .containsExactly(WIDTH + 3L, (long) WIDTH);
      }
    }
  }

  @Test
  default void addsUpOverTextsUnlessTheyAreCompared() {
    try (BoundEmbedding bound = objective().bind(SHAPE, SHAPE, 1)) {
      Tensor student = random(TEXTS, WIDTH, 1);
      Tensor teacher = random(TEXTS, WIDTH, 2);
      double parts = 0;
      for (int text = 0; text < TEXTS; text++) {
        parts += bound.sum(row(student, text), row(teacher, text)).item();
      }
      double whole = bound.sum(student, teacher).item();

      if (bound.wholeBatch()) {
        assertThat(parts).isZero();
      } else {
        assertThat(parts).isCloseTo(whole, within(1e-9));
      }
    }
  }

  private static Tensor row(Tensor vectors, int text) {
    return vectors.select(0, text).unsqueeze(0);
  }

  private static double[] moved(double[] values, int place, double by) {
    double[] changed = values.clone();
    changed[place] += by;
    return changed;
  }

  private static Tensor of(double[] values) {
    return Tensors.of(values, TEXTS, WIDTH);
  }

  /// Vectors of a normal distribution, in double precision.
  static Tensor random(int rows, int columns, long seed) {
    Random random = new Random(seed);
    return Tensors.of(random.doubles((long) rows * columns, -2, 2).toArray(), rows, columns);
  }
}
