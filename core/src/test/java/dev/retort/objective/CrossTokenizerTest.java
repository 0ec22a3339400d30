package dev.retort.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retort.align.AlignedRows;
import dev.retort.align.VocabularyMap;
import dev.retort.model.LinearHead;
import dev.retort.signal.Distribution.Aligned;
import dev.retort.signal.Distribution.Headed;
import dev.retort.tensor.DType;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CrossTokenizerTest implements RowObjectiveContract {

  /// 6 tokens of the student, of which 2, 4 and 5 are the teacher's 0, 1 and 6 of 7.
  private static final int[] TEACHER_OF = {-1, -1, 0, -1, 1, 6};

  /// One token for one; one for three; two for one; in no group; three for two.
  private static final AlignedRows ROWS =
      new AlignedRows(
          new int[] {0, 0, 0, 1, -1, 0, 1, 2},
          new int[] {0, 1, 4, 4, 0, 6, 6, 6},
          new int[] {1, 3, 1, 1, 0, 2, 2, 2},
          new int[] {1, 0, 3, 3, 2, 5, 6, 5});

  private static final long[] LABELS = {4, 1, 5, 3, 0, 2, 4, 3};
  private static final int N = 8;
  private static final int V = 6;
  private static final int TEACHER_V = 7;

  private final Scope scope = Scope.open();

  @AfterEach
  void free() {
    scope.close();
  }

  @Override
  public RowObjective objective() {
    return new CrossTokenizer(2, Optional.empty());
  }

  private static double[] logits(int count, long seed) {
    return new Random(seed).doubles(count, -2, 2).toArray();
  }

  /// Its states are its logits.
  private static Headed teacher(double[] logits, int vocabulary) {
    Tensor unit =
        Tensors.of(
            IntStream.range(0, vocabulary * vocabulary)
                .mapToDouble(i -> i % (vocabulary + 1) == 0 ? 1 : 0)
                .toArray(),
            vocabulary,
            vocabulary);
    return new Headed(
        Tensors.of(logits, logits.length / vocabulary, vocabulary),
        new LinearHead(unit, Optional.empty()));
  }

  private static Rows rows(double[] student, double[] teacher) {
    return new Rows(
        Tensors.of(student, N, V),
        Optional.of(
            new Aligned(
                teacher(teacher, TEACHER_V), ROWS, new VocabularyMap(TEACHER_OF, TEACHER_V))),
        Tensors.of(LABELS, N));
  }

  /// The definition, entry by entry.
  private static double plain(
      double[] student, double[] teacher, double temperature, double matched) {
    double sum = 0;
    for (int row = 0; row < N; row++) {
      int place = ROWS.places()[row];
      if (place < 0) {
        continue;
      }
      int label = (int) LABELS[row];
      double[] q = softmax(Arrays.copyOfRange(student, row * V, (row + 1) * V), temperature);
      int first = ROWS.teacherRows()[row];
      double text = 1;
      for (int j = first; j < first + ROWS.teacherTokens()[row]; j++) {
        text *= ofTeacher(teacher, j, temperature)[ROWS.teacherLabels()[j]];
      }
      if (place > 0) {
        sum -= matched * text * Math.log(q[label]);
        continue;
      }
      double[] others = ofTeacher(teacher, first, temperature);
      others[ROWS.teacherLabels()[first]] -= text;
      double[] own = q.clone();
      double kl = 0;
      for (int w = 0; w < V; w++) {
        double d = w == label ? text : 0;
        if (TEACHER_OF[w] >= 0) {
          d += others[TEACHER_OF[w]];
          others[TEACHER_OF[w]] = 0;
          own[w] = 0;
        }
        if (w == label) {
          own[w] = 0;
        }
        kl += d == 0 ? 0 : d * Math.log(d / q[w]);
      }
      double b = Arrays.stream(others).sum();
      kl += b * Math.log(b / Arrays.stream(own).sum());
      double distance = 0;
      double[] u = Arrays.stream(others).sorted().toArray();
      double[] v = Arrays.stream(own).sorted().toArray();
      for (int i = 1; i <= TEACHER_V; i++) {
        distance += Math.abs(u[u.length - i] - (i <= V ? v[v.length - i] : 0));
      }
      sum += matched * kl + (1 - matched) * distance;
    }
    return temperature * temperature * sum;
  }

  private static double[] ofTeacher(double[] teacher, int row, double temperature) {
    return softmax(
        Arrays.copyOfRange(teacher, row * TEACHER_V, (row + 1) * TEACHER_V), temperature);
  }

  private static double[] softmax(double[] logits, double temperature) {
    double[] exp = Arrays.stream(logits).map(x -> Math.exp(x / temperature)).toArray();
    double sum = Arrays.stream(exp).sum();
    return Arrays.stream(exp).map(x -> x / sum).toArray();
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 2", "3, 1"})
  void groupsAreComparedAsDefined(long seed, double temperature) {
    double[] student = logits(N * V, seed);
    double[] teacher = logits(N * TEACHER_V, seed + 50);

    for (double matched : new double[] {0, 0.3, 1}) {
      assertThat(
              new CrossTokenizer(temperature, Optional.of(matched))
                  .sum(rows(student, teacher))
                  .item())
          .as("μ = %s", matched)
          .isCloseTo(plain(student, teacher, temperature, matched), within(1e-10));
    }
    assertThat(new CrossTokenizer(temperature, Optional.empty()).sum(rows(student, teacher)).item())
        .as("3 of the teacher's 7 tokens are the student's")
        .isCloseTo(plain(student, teacher, temperature, 3.0 / 7), within(1e-10));
  }

  @ParameterizedTest
  @ValueSource(longs = {4, 5})
  void theGradientIsThatOfFiniteDifferences(long seed) {
    double[] student = logits(N * V, seed);
    double[] teacher = logits(N * TEACHER_V, seed + 50);
    CrossTokenizer objective = new CrossTokenizer(2, Optional.of(0.6));

    double[] gradient = objective.lossAndGradient(rows(student, teacher)).gradientNV().toDoubles();

    double h = 1e-5;
    for (int i = 0; i < student.length; i++) {
      double[] up = student.clone();
      up[i] += h;
      double[] down = student.clone();
      down[i] -= h;
      double numeric = (plain(up, teacher, 2, 0.6) - plain(down, teacher, 2, 0.6)) / (2 * h);
      assertThat(gradient[i]).as("d/dlogit[%d]", i).isCloseTo(numeric, within(1e-6));
    }
    assertThat(Arrays.copyOfRange(gradient, 4 * V, 5 * V)).as("in no group").containsOnly(0);
  }

  /// To the last bit of what rounding leaves.
  @Test
  void withOneTokenizerItIsForwardKl() {
    double[] student = logits(N * V, 1);
    double[] teacher = logits(N * V, 2);
    int[] each = IntStream.range(0, N).toArray();
    int[] ones = IntStream.range(0, N).map(_ -> 1).toArray();
    int[] labels = Arrays.stream(LABELS).mapToInt(Math::toIntExact).toArray();
    Headed headed = teacher(teacher, V);
    Aligned aligned =
        new Aligned(headed, new AlignedRows(new int[N], each, ones, labels), VocabularyMap.same(V));
    Tensor logitsNV = Tensors.of(student, N, V);
    Tensor labelsN = Tensors.of(LABELS, N);

    RowLoss crossed =
        objective().lossAndGradient(new Rows(logitsNV, Optional.of(aligned), labelsN));
    RowLoss plain =
        new ForwardKl(2).lossAndGradient(new Rows(logitsNV, Optional.of(headed), labelsN));

    assertThat(crossed.sum().item()).isCloseTo(plain.sum().item(), within(1e-13));
    assertThat(crossed.gradientNV().toDoubles())
        .containsExactly(plain.gradientNV().toDoubles(), within(1e-13));
  }

  /// Otherwise a student could not be given what the teacher says of tokens of its own.
  @Test
  void aStudentWithoutTokensOfItsOwnIsGivenTheShared() {
    Aligned aligned =
        new Aligned(
            teacher(new double[] {1, 2, 3}, 3),
            new AlignedRows(new int[1], new int[1], new int[] {1}, new int[] {0}),
            new VocabularyMap(new int[] {0, 1}, 3));
    Rows rows =
        new Rows(
            Tensors.of(new double[] {5, 6}, 1, 2),
            Optional.of(aligned),
            Tensors.of(new long[] {0}, 1));

    assertThat(new CrossTokenizer(1, Optional.of(1.0)).sum(rows).item())
        .isCloseTo(0, within(1e-12));
  }

  @Test
  void chunksAddUp() {
    double[] student = logits(N * V, 1);
    double[] teacher = logits(N * TEACHER_V, 2);
    Rows whole = rows(student, teacher);
    for (int rows : new int[] {1, 3}) {
      double sum = 0;
      for (int first = 0; first < N; first += rows) {
        int count = Math.min(rows, N - first);
        sum +=
            objective()
                .sum(
                    new Rows(
                        whole.logitsNV().narrow(0, first, count),
                        Optional.of(whole.requireTeacher().slice(first, count)),
                        whole.labelsN().narrow(0, first, count)))
                .item();
      }
      assertThat(sum).isCloseTo(objective().sum(whole).item(), within(1e-10));
    }
  }

  @Test
  void singlePrecisionIsNear() {
    double[] student = logits(N * V, 1);
    double[] teacher = logits(N * TEACHER_V, 2);
    Rows wide = rows(student, teacher);
    Rows narrow = wide.withLogits(wide.logitsNV().to(DType.FLOAT32));

    assertThat(objective().sum(narrow).item())
        .isCloseTo(objective().sum(wide).item(), within(1e-4));
  }

  @Test
  void otherObjectivesRefuseTokensThatAreNotTheirs() {
    Rows rows = rows(logits(N * V, 1), logits(N * TEACHER_V, 2));

    assertThatThrownBy(() -> new ForwardKl(1).sum(rows))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("only cross-tokenizer can learn from it");
  }
}
