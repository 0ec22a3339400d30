package dev.retort.run;

import dev.retort.data.SequenceBatch;
import dev.retort.data.SequenceDataset;
import dev.retort.model.ForwardMode;
import dev.retort.model.NetworkOutput;
import dev.retort.model.Precision;
import dev.retort.model.Sweep;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.objective.HeadLoss;
import dev.retort.tensor.Chunks;
import dev.retort.tensor.Functions;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/// How far language models are from their teacher, token by token.
///
/// The states of all models for a batch exist at once, their logits for a few rows only.
///
/// @param teacher whom they are compared with
/// @param chunkRows rows whose logits are computed at once
record TeacherDivergence(CausalLanguageModel teacher, long chunkRows) {

  /// Matrices of the size of a chunk's logits that exist at once, about.
  private static final long MATRICES = 4;

  /// In chunks that together take as much memory as one of a loss.
  static TeacherDivergence from(CausalLanguageModel teacher) {
    return new TeacherDivergence(
        teacher, Math.max(1, HeadLoss.chunkRows(teacher.head()) / MATRICES));
  }

  /// For each of `models` KL(teacher ‖ model) in nats of every token of `data` to be predicted, in
  /// 32 bits, always in the same order.
  ///
  /// The models share a tokenizer. Where one has more logits than another the rest, which no token
  /// has, is left out before the softmax.
  List<double[]> of(List<CausalLanguageModel> models, SequenceDataset data) {
    List<List<double[]>> parts = new ArrayList<>();
    Sweep.over(data, batch -> ofBatch(models, batch), (_, some) -> parts.add(some), _ -> {});
    return IntStream.range(0, models.size())
        .mapToObj(model ->
            parts.stream().flatMapToDouble(part -> DoubleStream.of(part.get(model))).toArray())
        .toList();
  }

  private List<double[]> ofBatch(List<CausalLanguageModel> models, SequenceBatch batch) {
    int rows = batch.labels().length;
    List<double[]> divergences = models.stream().map(_ -> new double[rows]).toList();
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      NetworkOutput wanted = output(teacher, batch);
      List<NetworkOutput> others = models.stream().map(model -> output(model, batch)).toList();
      Chunks.visit(
          rows,
          chunkRows,
          (first, count) -> {
            Tensor teacherNV = logits(wanted, first, count);
            for (int model = 0; model < others.size(); model++) {
              double[] some = divergence(teacherNV, logits(others.get(model), first, count));
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

  private static double[] divergence(Tensor teacherNV, Tensor modelNV) {
    long width = Math.min(teacherNV.size(1), modelNV.size(1));
    try (Scope _ = Scope.open()) {
      Tensor wantedNV = Functions.logSoftmax(teacherNV.narrow(1, 0, width), -1);
      Tensor givenNV = Functions.logSoftmax(modelNV.narrow(1, 0, width), -1);
      double[] sums = wantedNV.exp().times(wantedNV.minus(givenNV)).sum(-1, false).toDoubles();
      // No divergence is below 0, but a sum of rounded terms can be.
      return Arrays.stream(sums).map(sum -> Math.max(0, sum)).toArray();
    }
  }
}
