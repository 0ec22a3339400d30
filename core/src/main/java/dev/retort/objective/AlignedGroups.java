package dev.retort.objective;

import dev.retort.align.AlignedRows;
import dev.retort.align.VocabularyMap;
import dev.retort.signal.Distribution.Aligned;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// Groups of tokens that cover the same bytes, and what the teacher says about them.
///
/// @param teacher its tokens beside the student's rows
/// @param temperature that divides its logits
record AlignedGroups(Aligned teacher, double temperature) {

  /// The student's rows that predict the first token of a group.
  int[] firsts() {
    return rows(place -> place == 0);
  }

  /// The student's rows that predict a later token of a group.
  int[] others() {
    return rows(place -> place > 0);
  }

  private int[] rows(IntPredicate place) {
    AlignedRows aligned = teacher.aligned();
    return IntStream.range(0, aligned.size())
        .filter(row -> place.test(aligned.places()[row]))
        .toArray();
  }

  /// What both models say before the first tokens of groups.
  ///
  /// @param firsts the rows of these tokens
  /// @param logQNV what the student says there
  /// @param labelsN1 the student's tokens that follow
  SharedOutcomes outcomes(int[] firsts, Tensor logQNV, Tensor labelsN1) {
    VocabularyMap vocabulary = teacher.vocabulary();
    Tensor logsN1 = Tensors.of(logsOfLaterTokens(firsts), firsts.length, 1);
    Tensor othersNV;
    Tensor massN1;
    try (NoGrad _ = NoGrad.open()) {
      Tensor pNV =
          Outcomes.tempered(teacher.logitsNV(teacherRows(firsts)), temperature)
              .exp()
              .to(logQNV.dtype());
      Tensor tokensN1 = Tensors.of(firstLabels(firsts), firsts.length, 1);
      Tensor pOfFirstN1 = pNV.gather(-1, tokensN1);
      massN1 = pOfFirstN1.times(logsN1.exp().to(logQNV.dtype()));
      othersNV = pNV.scatter(-1, tokensN1, pOfFirstN1.minus(massN1));
    }
    Tensor sharedNV = inStudentsTokens(othersNV);
    Tensor ownNV =
        logQNV.exp().scatter(-1, labelsN1, Tensors.zeros(firsts.length, 1).to(logQNV.dtype()));
    return new SharedOutcomes(
        sharedNV.scatter(-1, labelsN1, sharedNV.gather(-1, labelsN1).plus(massN1)),
        logQNV,
        columns(othersNV, vocabulary.unmappedOfTeacher()),
        columns(ownNV, vocabulary.unmappedOfStudent()));
  }

  /// The probability of the text of each row's group.
  double[] massesOfTexts(int[] rows) {
    return exponentials(sums(rows, 0));
  }

  /// `log ∏ pⱼ(tⱼ)` over the teacher's tokens of each row's group but for the first.
  private double[] logsOfLaterTokens(int[] rows) {
    return sums(rows, 1);
  }

  private static double[] exponentials(double[] logs) {
    return Arrays.stream(logs).map(Math::exp).toArray();
  }

  private double[] sums(int[] rows, int firstToken) {
    AlignedRows aligned = teacher.aligned();
    int[] needed =
        Arrays.stream(rows)
            .flatMap(row ->
                IntStream.range(firstToken, aligned.teacherTokens()[row])
                    .map(token -> aligned.teacherRows()[row] + token))
            .distinct()
            .toArray();
    Map<Integer, Double> logs = logProbabilities(needed, Math.max(1, aligned.size()));
    return Arrays.stream(rows)
        .mapToDouble(row ->
            IntStream.range(firstToken, aligned.teacherTokens()[row])
                .mapToDouble(token -> logs.getOrDefault(aligned.teacherRows()[row] + token, 0.0))
                .sum())
        .toArray();
  }

  /// What the teacher gave the tokens of its own rows, computed for `atOnce` rows at a time.
  private Map<Integer, Double> logProbabilities(int[] rows, int atOnce) {
    Map<Integer, Double> logs = new HashMap<>();
    for (int first = 0; first < rows.length; first += atOnce) {
      int[] some = Arrays.copyOfRange(rows, first, Math.min(rows.length, first + atOnce));
      try (Scope _ = Scope.open();
          NoGrad _ = NoGrad.open()) {
        long[] labels =
            Arrays.stream(some).mapToLong(row -> teacher.aligned().teacherLabels()[row]).toArray();
        double[] found =
            Outcomes.tempered(
                    teacher.logitsNV(Arrays.stream(some).asLongStream().toArray()), temperature)
                .gather(-1, Tensors.of(labels, labels.length, 1))
                .toDoubles();
        for (int i = 0; i < some.length; i++) {
          logs.put(some[i], found[i]);
        }
      }
    }
    return logs;
  }

  private long[] teacherRows(int[] rows) {
    return Arrays.stream(rows).mapToLong(row -> teacher.aligned().teacherRows()[row]).toArray();
  }

  private long[] firstLabels(int[] rows) {
    return Arrays.stream(rows)
        .mapToLong(row -> teacher.aligned().teacherLabels()[teacher.aligned().teacherRows()[row]])
        .toArray();
  }

  /// The masses of tokens that the student has too, at its tokens.
  private Tensor inStudentsTokens(Tensor massesNV) {
    int[] teacherOf = teacher.vocabulary().teacherOf();
    long[] ids = Arrays.stream(teacherOf).mapToLong(id -> Math.max(0, id)).toArray();
    double[] known = Arrays.stream(teacherOf).mapToDouble(id -> id < 0 ? 0 : 1).toArray();
    return columns(massesNV, ids).times(Tensors.of(known, known.length).to(massesNV.dtype()));
  }

  private static Tensor columns(Tensor xNV, long[] ids) {
    return xNV.indexSelect(-1, Tensors.of(ids, ids.length));
  }
}
