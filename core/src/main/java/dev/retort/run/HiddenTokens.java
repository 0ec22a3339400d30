package dev.retort.run;

import dev.retort.data.MaskedBatch;
import dev.retort.data.MaskedDataset;
import dev.retort.eval.Predictions;
import dev.retort.model.ForwardMode;
import dev.retort.model.Network;
import dev.retort.model.Precision;
import dev.retort.model.Sweep;
import dev.retort.model.TokenBatches;
import dev.retort.tensor.Functions;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import dev.retort.train.Validator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/// Asks masked language models for hidden tokens.
final class HiddenTokens {

  private HiddenTokens() {}

  /// What a model says about the hidden tokens of one batch, beside them.
  @SuppressWarnings("ArrayRecordComponent") // handed from one method to the next
  private record Answer(
      int[] labels, int[] predicted, double[] confidences, double[] labelLogProbabilities) {}

  /// What `model` says about the hidden tokens of `data`, always in the same order.
  static Predictions predictions(
      Network<MaskedBatch> model, MaskedDataset data, Precision precision) {
    List<Answer> answers = new ArrayList<>();
    Sweep.over(data, batch -> answer(model, batch, precision), (_, a) -> answers.add(a), _ -> {});
    return Predictions.ofTokens(
        data.masking().vocabularySize(),
        ints(answers, Answer::labels),
        ints(answers, Answer::predicted),
        doubles(answers, Answer::confidences),
        doubles(answers, Answer::labelLogProbabilities));
  }

  /// The share of the hidden tokens of `data` that a model finds.
  static Validator<MaskedBatch> accuracy(MaskedDataset data, Precision precision) {
    return model -> Scoring.accuracy(predictions(model, data, precision));
  }

  /// The size of a model of hidden tokens in Hugging Face layout.
  static double megabytes(Path folder) throws IOException {
    return Measuring.megabytes(
        folder, List.of("model.safetensors", "tokenizer.json", "config.json"));
  }

  private static Answer answer(Network<MaskedBatch> model, MaskedBatch batch, Precision precision) {
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      Tensor logitsNV = model.forward(batch, ForwardMode.evaluate(precision)).logitsNV();
      Tensor logProbsNV = Functions.logSoftmax(logitsNV, -1);
      Tensor predictedN1 = logProbsNV.argMax(-1).unsqueeze(-1);
      Tensor labelsN1 = TokenBatches.labels(batch).unsqueeze(-1);
      double[] predicted = predictedN1.toDoubles();
      return new Answer(
          batch.labels(),
          IntStream.range(0, predicted.length).map(row -> (int) predicted[row]).toArray(),
          logProbsNV.gather(1, predictedN1).exp().toDoubles(),
          logProbsNV.gather(1, labelsN1).toDoubles());
    }
  }

  private static int[] ints(List<Answer> answers, Function<Answer, int[]> part) {
    return answers.stream().map(part).flatMapToInt(IntStream::of).toArray();
  }

  private static double[] doubles(List<Answer> answers, Function<Answer, double[]> part) {
    return answers.stream().map(part).flatMapToDouble(DoubleStream::of).toArray();
  }
}
