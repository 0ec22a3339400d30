package dev.retort.run;

import dev.retort.data.SequenceBatch;
import dev.retort.data.SequenceDataset;
import dev.retort.model.ForwardMode;
import dev.retort.model.NetworkOutput;
import dev.retort.model.Precision;
import dev.retort.model.Sweep;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.objective.HeadLoss;
import dev.retort.signal.Distribution;
import dev.retort.signal.Need;
import dev.retort.teacher.LocalTeacher;
import dev.retort.teacher.Question;
import dev.retort.teacher.Teacher;
import dev.retort.tensor.Chunks;
import dev.retort.tensor.Functions;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/// How far language models are from their teacher, token by token.
///
/// The states of all models for a batch exist at once, their logits for a few rows only.
///
/// @param teacher whom they are compared with
/// @param chunkRows rows whose logits are computed at once
record TeacherDivergence(Teacher<SequenceBatch> teacher, long chunkRows) {

  /// Matrices of the size of a chunk's logits that exist at once, about.
  private static final long MATRICES = 4;

  /// From a teacher whose weights are here.
  static TeacherDivergence from(CausalLanguageModel teacher) {
    return new TeacherDivergence(
        new LocalTeacher<>("teacher", "", teacher, Precision.FP32), chunkRows(teacher, 1));
  }

  /// Rows of chunks that together take as much memory as one of a loss.
  ///
  /// @param models how many are asked about the same rows, at least
  static long chunkRows(CausalLanguageModel model, int models) {
    return Math.max(1, HeadLoss.chunkRows(model.head()) / Math.max(MATRICES, 2L * models));
  }

  /// For each of `models` KL(teacher ‖ model) in nats of every token of `data` to be predicted, in
  /// 32 bits, always in the same order.
  ///
  /// The models share a tokenizer. Where one has more logits than another the rest, which no token
  /// has, is left out before the softmax.
  List<double[]> of(List<CausalLanguageModel> models, SequenceDataset data) {
    List<List<double[]>> parts = new ArrayList<>();
    Sweep.over(
        data,
        batch -> ofBatch(models, new Question<>(data, batch.unlabelled())),
        (_, some) -> parts.add(some),
        _ -> {});
    return IntStream.range(0, models.size())
        .mapToObj(model ->
            parts.stream().flatMapToDouble(part -> DoubleStream.of(part.get(model))).toArray())
        .toList();
  }

  private List<double[]> ofBatch(
      List<CausalLanguageModel> models, Question<SequenceBatch> question) {
    SequenceBatch batch = question.batch();
    int rows = batch.labels().length;
    List<double[]> divergences = models.stream().map(_ -> new double[rows]).toList();
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      Distribution wanted =
          teacher.ask(question, Set.of(Need.DISTRIBUTION)).distribution().orElseThrow();
      List<NetworkOutput> others = models.stream().map(model -> output(model, batch)).toList();
      Chunks.visit(
          rows,
          chunkRows,
          (first, count) -> {
            Distribution told = wanted.slice(first, count);
            for (int model = 0; model < others.size(); model++) {
              double[] some = divergence(told, logits(others.get(model), first, count));
              System.arraycopy(
                  some, 0, divergences.get(model), Math.toIntExact(first), some.length);
            }
          });
    }
    return divergences;
  }

  private static NetworkOutput output(CausalLanguageModel model, SequenceBatch batch) {
    return model.forward(batch, ForwardMode.evaluate(Precision.FP32));
  }

  private static Tensor logits(NetworkOutput output, long first, long count) {
    return output.head().orElseThrow().logits(output.pooledND().narrow(0, first, count));
  }

  private static double[] divergence(Distribution told, Tensor modelNV) {
    try (Scope _ = Scope.open()) {
      Tensor wantedNV = logProbabilitiesNV(told, modelNV.size(1));
      Tensor givenNV = Functions.logSoftmax(modelNV.narrow(1, 0, wantedNV.size(1)), -1);
      double[] sums = wantedNV.exp().times(wantedNV.minus(givenNV)).sum(-1, false).toDoubles();
      // No divergence is below 0, but a sum of rounded terms can be.
      return Arrays.stream(sums).map(sum -> Math.max(0, sum)).toArray();
    }
  }

  /// What was told about at most the first `width` tokens.
  private static Tensor logProbabilitiesNV(Distribution told, long width) {
    return told instanceof Distribution.Dense(Tensor logitsNV)
        ? Functions.logSoftmax(logitsNV.narrow(1, 0, Math.min(width, logitsNV.size(1))), -1)
        : TokenAnswers.logProbabilitiesNV(told);
  }
}
