package dev.retort.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retort.model.LinearHead;
import dev.retort.objective.HeadLoss.Term;
import dev.retort.signal.Distribution;
import dev.retort.signal.Distribution.Dense;
import dev.retort.signal.Distribution.TopK;
import dev.retort.signal.Need;
import dev.retort.tensor.DType;
import dev.retort.tensor.Functions;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Seed;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeadLossTest {

  private static final int N = 16;
  private static final int D = 12;
  private static final int V = 1100;

  private final Scope scope = Scope.open();
  private Tensor hiddenND;
  private LinearHead head;
  private Tensor teacherNV;

  @BeforeEach
  void draw() {
    Seed.set(11);
    hiddenND = Tensors.normal(0, 1, N, D);
    head = new LinearHead(Tensors.normal(0, 0.5, V, D), Optional.of(Tensors.normal(0, 0.5, V)));
    teacherNV = Tensors.normal(0, 2, N, V);
  }

  @AfterEach
  void free() {
    scope.close();
  }

  static Stream<RowObjective> objectives() {
    return Stream.of(
        new AdaptiveKl(2, 0.5),
        new CrossEntropy(0.1),
        new ForwardKl(2),
        new Hinton(2, 0.7),
        new JensenShannon(2, 0.3),
        new LogitMse(),
        new ReverseKl(2),
        new SkewKl(2, 0.1),
        new SkewReverseKl(2, 0.1),
        new TotalVariation(2),
        new UniversalLogit(2));
  }

  /// Against autograd over all rows at once in 64 bits.
  @ParameterizedTest
  @MethodSource("objectives")
  void chunksOfAnySizeGiveThePlainDefinition(RowObjective objective) {
    for (long chunk : new long[] {1, 7, N, N + 1}) {
      assertPlain(List.of(new Term(objective, 0.25)), new Dense(teacherNV), chunk);
    }
  }

  @Test
  void chunksOfASparseTeacherGiveThePlainDefinition() {
    for (long chunk : new long[] {1, 7, N}) {
      assertPlain(List.of(new Term(new ForwardKl(2), 3)), topK(2), chunk);
      assertPlain(List.of(new Term(new ReverseKl(2), 3)), topK(2), chunk);
      assertPlain(List.of(new Term(new JensenShannon(2, 0.5), 3)), topK(2), chunk);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 7, N})
  void severalTermsShareTheLogits(long chunk) {
    assertPlain(
        List.of(
            new Term(new CrossEntropy(0), 0.3),
            new Term(new ForwardKl(4), 0.5),
            new Term(new ReverseKl(1), 0.2)),
        new Dense(teacherNV),
        chunk);
  }

  @Test
  void aHeadNeedsNoBias() {
    head = new LinearHead(head.weightVD(), Optional.empty());

    assertPlain(List.of(new Term(new ForwardKl(1), 1)), new Dense(teacherNV), 5);
  }

  /// What pads the vocabulary takes no part in the softmax and gathers no gradient.
  @ParameterizedTest
  @ValueSource(longs = {1, 7, N})
  void aPaddedHeadIsThatOfItsTokens(long chunk) {
    HeadLoss plain = new HeadLoss(head, List.of(new Term(new ForwardKl(2), 0.5)), chunk);
    LinearHead expected = head.zeros();
    HeadGradient wanted =
        plain.lossAndGradient(rows(TeacherRows.of(new Dense(teacherNV))), expected);
    Tensor paddingPD = Tensors.normal(3, 1, 100, D);
    Tensor paddingP = Tensors.normal(9, 1, 100);
    LinearHead padded =
        new LinearHead(
            Tensors.concatenate(List.of(head.weightVD(), paddingPD), 0),
            head.biasV().map(bias -> Tensors.concatenate(List.of(bias, paddingP), 0)),
            V);

    LinearHead actual = padded.zeros();
    HeadGradient found =
        new HeadLoss(padded, List.of(new Term(new ForwardKl(2), 0.5)), chunk)
            .lossAndGradient(rows(TeacherRows.of(new Dense(teacherNV))), actual);

    assertThat(found.sums()).isEqualTo(wanted.sums());
    assertThat(found.hiddenND().toFloats()).containsExactly(wanted.hiddenND().toFloats());
    assertThat(actual.weightVD().narrow(0, 0, V).toFloats())
        .containsExactly(expected.weightVD().toFloats());
    assertThat(actual.weightVD().narrow(0, V, 100).toFloats()).containsOnly(0);
    assertThat(actual.biasV().orElseThrow().narrow(0, V, 100).toFloats()).containsOnly(0);
    assertThat(padded.logits(hiddenND).toFloats())
        .containsExactly(head.logits(hiddenND).toFloats());
  }

  @Test
  void aFrozenHeadHasTheSameLossesAndNoGradient() {
    HeadLoss loss = new HeadLoss(head, List.of(new Term(new ForwardKl(2), 0.5)), 7);
    HeadRows rows = rows(TeacherRows.of(new Dense(teacherNV)));
    HeadGradient trained = loss.lossAndGradient(rows, head.zeros());

    HeadGradient frozen = loss.lossAndGradient(rows, Optional.empty());

    assertThat(frozen.sums()).isEqualTo(trained.sums());
    assertThat(frozen.hiddenND().toFloats()).containsExactly(trained.hiddenND().toFloats());
    assertThat(head.gathered()).isEmpty();
    Tensor leafVD = head.weightVD().copy().requiresGrad();
    assertThat(new LinearHead(leafVD, Optional.empty()).gathered()).isPresent();
  }

  @Test
  void aTeachersHeadIsAskedChunkByChunk() {
    Tensor wideNE = Tensors.normal(0, 1, N, 2 * D);
    LinearHead wide = new LinearHead(Tensors.normal(0, 0.4, V, 2 * D), Optional.empty());
    Tensor allNV = Functions.linear(wideNE, wide.weightVD(), Optional.empty());
    HeadLoss loss = new HeadLoss(head, List.of(new Term(new ForwardKl(1), 1)), 7);

    LinearHead expected = head.zeros();
    LinearHead actual = head.zeros();
    HeadGradient given = loss.lossAndGradient(rows(TeacherRows.of(new Dense(allNV))), expected);
    HeadGradient asked =
        loss.lossAndGradient(rows(TeacherRows.of(wide, wideNE, loss.chunkRows())), actual);

    assertThat(asked.sums().getFirst()).isCloseTo(given.sums().getFirst(), within(1e-4));
    assertThat(error(asked.hiddenND(), given.hiddenND())).isLessThan(1e-5);
    assertThat(error(actual.weightVD(), expected.weightVD())).isLessThan(1e-5);
  }

  /// Products of 8 bits of precision, whose sum over chunks does not lose more of them.
  @ParameterizedTest
  @ValueSource(longs = {1, 7, N})
  void productsOfHalfTheBitsGiveThePlainLossNearly(long chunk) {
    List<Term> terms = List.of(new Term(new ForwardKl(2), 0.7), new Term(new CrossEntropy(0), 0.3));
    HeadLoss loss = new HeadLoss(head, terms, chunk);
    LinearHead expected = head.zeros();
    HeadGradient wide = loss.lossAndGradient(rows(TeacherRows.of(new Dense(teacherNV))), expected);

    LinearHead actual = head.zeros();
    hiddenND = hiddenND.to(DType.BFLOAT16);
    HeadGradient narrow = loss.lossAndGradient(rows(TeacherRows.of(new Dense(teacherNV))), actual);

    assertThat(narrow.hiddenND().dtype()).isEqualTo(DType.BFLOAT16);
    assertThat(actual.weightVD().dtype()).isEqualTo(DType.FLOAT32);
    for (int term = 0; term < terms.size(); term++) {
      double sum = wide.sums().get(term);
      assertThat(narrow.sums().get(term)).isNotEqualTo(sum).isCloseTo(sum, within(0.01 * sum));
    }
    assertThat(error(narrow.hiddenND().to(DType.FLOAT32), wide.hiddenND())).isLessThan(0.02);
    assertThat(error(actual.weightVD(), expected.weightVD())).isLessThan(0.02);
    assertThat(error(actual.biasV().orElseThrow(), expected.biasV().orElseThrow()))
        .isLessThan(0.02);
  }

  @Test
  void gradientsAreAddedToWhatIsThere() {
    HeadLoss loss = new HeadLoss(head, List.of(new Term(new ForwardKl(1), 1)), 4);
    HeadRows rows = rows(TeacherRows.of(new Dense(teacherNV)));
    LinearHead once = head.zeros();
    loss.lossAndGradient(rows, once);

    LinearHead twice = head.zeros();
    loss.lossAndGradient(rows, twice);
    loss.lossAndGradient(rows, twice);

    assertThat(error(twice.weightVD(), once.weightVD().times(2))).isLessThan(1e-6);
    assertThat(error(twice.biasV().orElseThrow(), once.biasV().orElseThrow().times(2)))
        .isLessThan(1e-6);
  }

  /// The objective sees every row once and never more than a chunk.
  @Test
  void allLogitsNeverExist() {
    List<Long> seen = new ArrayList<>();
    RowObjective watching = new Watching(seen);

    new HeadLoss(head, List.of(new Term(watching, 1)), 7)
        .lossAndGradient(rows(TeacherRows.none()), head.zeros());

    assertThat(seen).containsExactly(7L, 7L, 2L);
  }

  private record Watching(List<Long> seen) implements RowObjective {

    @Override
    public Set<Need> needs() {
      return Set.of();
    }

    @Override
    public Tensor sum(Rows rows) {
      seen.add(rows.logitsNV().size(0));
      return rows.logitsNV().sum();
    }
  }

  /// 1,024 rows of 152,064 logits are 594 MiB, and eager operators hold several such matrices.
  @Test
  void memoryDoesNotGrowWithRowsTimesVocabulary() throws IOException {
    int rows = 1024;
    int vocabulary = 152_064;
    Tensor manyND = Tensors.normal(0, 1, rows, 4);
    LinearHead wide = new LinearHead(Tensors.normal(0, 1, vocabulary, 4), Optional.empty());
    LinearHead gradient = wide.zeros();
    Tensor idsNK = Tensors.range(rows * 16L).reshape(rows, 16);
    TopK teacher = new TopK(idsNK, Tensors.zeros(rows, 16).plus(Math.log(0.05)), 1);
    HeadRows headRows =
        new HeadRows(manyND, TeacherRows.of(teacher), Tensors.of(new long[rows], rows));
    HeadLoss loss = new HeadLoss(wide, List.of(new Term(new ForwardKl(1), 1)), 32);
    loss.lossAndGradient(headRows, gradient);

    PeakMemory peak = PeakMemory.start();
    loss.lossAndGradient(headRows, gradient);

    assertThat(peak.grown()).isLessThan(150L << 20);
  }

  @Test
  void refusesNoTermsAndEmptyChunks() {
    assertThatThrownBy(() -> new HeadLoss(head, List.of(), 4)).hasMessageContaining("0 terms");
    assertThatThrownBy(() -> new HeadLoss(head, List.of(new Term(new LogitMse(), 1)), 0))
        .hasMessageContaining("0 rows in a chunk");
  }

  private void assertPlain(List<Term> terms, Distribution teacher, long chunk) {
    LinearHead gradient = head.zeros();
    HeadGradient chunked =
        new HeadLoss(head, terms, chunk).lossAndGradient(rows(TeacherRows.of(teacher)), gradient);

    Tensor leafND = leaf(hiddenND);
    Tensor leafVD = leaf(head.weightVD());
    Optional<Tensor> leafV = head.biasV().map(HeadLossTest::leaf);
    Rows all =
        new Rows(
            Functions.linear(leafND, leafVD, leafV),
            Optional.of(WideLogits.inDoublePrecision(teacher)),
            labels());
    List<Tensor> sums = terms.stream().map(term -> term.objective().sum(all)).toList();
    Functions.backward(
        sums, terms.stream().map(term -> Tensors.scalar(term.scale()).to(DType.FLOAT64)).toList());

    for (int i = 0; i < terms.size(); i++) {
      double sum = sums.get(i).item();
      assertThat(chunked.sums().get(i)).isCloseTo(sum, within(1e-5 * sum));
    }
    assertThat(error(chunked.hiddenND(), leafND.grad())).isLessThan(1e-5);
    assertThat(error(gradient.weightVD(), leafVD.grad())).isLessThan(1e-5);
    leafV.ifPresent(
        bias -> assertThat(error(gradient.biasV().orElseThrow(), bias.grad())).isLessThan(1e-5));
  }

  private static Tensor leaf(Tensor tensor) {
    return tensor.to(DType.FLOAT64).requiresGrad();
  }

  private static double error(Tensor actual, Tensor expected) {
    return WideLogits.relativeError(actual, expected.to(DType.FLOAT64));
  }

  private HeadRows rows(TeacherRows teacher) {
    return new HeadRows(hiddenND, teacher, labels());
  }

  /// Every third row has no label.
  private static Tensor labels() {
    long[] labels = new long[N];
    for (int i = 0; i < N; i++) {
      labels[i] = i % 3 == 2 ? -1 : 67L * i;
    }
    return Tensors.of(labels, N);
  }

  private TopK topK(double temperature) {
    Tensor idsNK = Functions.orderDescending(teacherNV, -1).narrow(-1, 0, 16);
    Tensor logPNV = Functions.logSoftmax(teacherNV.times(1 / temperature), -1);
    return new TopK(idsNK, logPNV.gather(-1, idsNK), temperature);
  }
}
