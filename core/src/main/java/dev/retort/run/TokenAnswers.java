package dev.retort.run;

import dev.retort.data.MaskedBatch;
import dev.retort.data.MaskedDataset;
import dev.retort.data.PreferenceDataset;
import dev.retort.data.SequenceBatch;
import dev.retort.data.SequenceDataset;
import dev.retort.eval.Measured;
import dev.retort.eval.Predictions;
import dev.retort.model.ForwardMode;
import dev.retort.model.LinearHead;
import dev.retort.model.Network;
import dev.retort.model.NetworkOutput;
import dev.retort.model.Precision;
import dev.retort.model.Sweep;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.objective.HeadLoss;
import dev.retort.signal.Distribution;
import dev.retort.signal.Need;
import dev.retort.teacher.Question;
import dev.retort.teacher.Teacher;
import dev.retort.tensor.Chunks;
import dev.retort.tensor.Functions;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import dev.retort.train.Validator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/// Asks models for the tokens of texts: hidden ones or the next ones.
final class TokenAnswers {

  /// Logits of each of several teachers that exist at once: 16 MiB.
  private static final long CHUNK = 1L << 22;

  private TokenAnswers() {}

  /// What a model says about the tokens of one batch, beside them.
  @SuppressWarnings("ArrayRecordComponent") // handed from one method to the next
  private record Answer(
      int[] labels, int[] predicted, double[] confidences, double[] labelLogProbabilities) {}

  /// What `model` says about the hidden tokens of `data`, always in the same order.
  static Predictions predictions(
      Network<MaskedBatch> model, MaskedDataset data, Precision precision) {
    List<Answer> answers = new ArrayList<>();
    Sweep.over(data, batch -> answer(model, batch, precision), (_, a) -> answers.add(a), _ -> {});
    return predictions(data.masking().vocabularySize(), answers);
  }

  /// What `model` says about the next tokens of `data`, always in the same order.
  static Predictions predictions(
      CausalLanguageModel model, SequenceDataset data, Precision precision) {
    List<Answer> answers = new ArrayList<>();
    Sweep.over(
        data,
        batch -> answers(model, batch, precision),
        (_, some) -> answers.addAll(some),
        _ -> {});
    return predictions(model.config().tokens(), answers);
  }

  /// What `teacher` says about the next tokens of `data` without having seen them, in the order of
  /// a model's.
  ///
  /// @param vocabulary how many tokens it decides between
  static Predictions predictions(
      Teacher<SequenceBatch> teacher, SequenceDataset data, int vocabulary) {
    List<Answer> answers = new ArrayList<>();
    Sweep.over(
        data,
        batch -> answers(teacher, data, batch, vocabulary),
        (_, some) -> answers.addAll(some),
        _ -> {});
    return predictions(vocabulary, answers);
  }

  private static List<Answer> answers(
      Teacher<SequenceBatch> teacher, SequenceDataset data, SequenceBatch batch, int vocabulary) {
    List<Answer> answers = new ArrayList<>();
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      Distribution told =
          teacher
              .ask(new Question<>(data, batch.unlabelled()), Set.of(Need.DISTRIBUTION))
              .distribution()
              .orElseThrow();
      Chunks.visit(
          batch.labels().length,
          Math.max(1, CHUNK / vocabulary),
          (first, count) -> {
            int from = Math.toIntExact(first);
            int to = Math.toIntExact(first + count);
            int[] labels = Arrays.copyOfRange(batch.labels(), from, to);
            answers.add(told(logProbabilitiesNV(told.slice(first, count)), labels));
          });
    }
    return answers;
  }

  /// The logarithms of what some rows say, with nothing left to compute.
  static Tensor logProbabilitiesNV(Distribution some) {
    return switch (some) {
      case Distribution.Dense(Tensor logitsNV) -> Functions.logSoftmax(logitsNV, -1);
      case Distribution.Mixture mixture -> mixture.logProbabilitiesNV(1);
      default ->
          throw new IllegalStateException(
              "not every token has a probability: " + some.getClass().getSimpleName());
    };
  }

  /// The share of pairs whose preferred answer `model` finds likelier than the other one, with all
  /// their tokens added up, in 32 bits.
  static Measured preferred(CausalLanguageModel model, PreferenceDataset pairs) {
    List<Integer> right = new ArrayList<>();
    Sweep.over(pairs, batch -> preferred(model, batch), (_, some) -> right.add(some), _ -> {});
    return Measured.share(right.stream().mapToInt(Integer::intValue).sum(), pairs.size());
  }

  private static int preferred(CausalLanguageModel model, SequenceBatch batch) {
    double[] ofAnswers =
        batch.addedUp(
            doubles(answers(model, batch, Precision.FP32), Answer::labelLogProbabilities));
    return Math.toIntExact(
        IntStream.range(0, batch.size())
            .filter(pair -> ofAnswers[2 * pair] > ofAnswers[2 * pair + 1])
            .count());
  }

  private static Predictions predictions(int vocabulary, List<Answer> answers) {
    return Predictions.ofTokens(
        vocabulary,
        ints(answers, Answer::labels),
        ints(answers, Answer::predicted),
        doubles(answers, Answer::confidences),
        doubles(answers, Answer::labelLogProbabilities));
  }

  /// The share of the next tokens of `data` that a model finds likeliest.
  static Validator<SequenceBatch> nextAccuracy(SequenceDataset data, Precision precision) {
    return model -> Scoring.accuracy(predictions((CausalLanguageModel) model, data, precision));
  }

  /// The share of the hidden tokens of `data` that a model finds.
  static Validator<MaskedBatch> accuracy(MaskedDataset data, Precision precision) {
    return model -> Scoring.accuracy(predictions(model, data, precision));
  }

  /// The size of a model of tokens in Hugging Face layout.
  static double megabytes(Path folder) throws IOException {
    return Measuring.megabytes(
        folder, List.of("model.safetensors", "tokenizer.json", "config.json"));
  }

  private static Answer answer(Network<MaskedBatch> model, MaskedBatch batch, Precision precision) {
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      Tensor logitsNV = model.forward(batch, ForwardMode.evaluate(precision)).logitsNV();
      return answer(logitsNV, batch.labels());
    }
  }

  /// Some rows at a time, so that the logits of all never exist at once.
  private static List<Answer> answers(
      CausalLanguageModel model, SequenceBatch batch, Precision precision) {
    List<Answer> answers = new ArrayList<>();
    int[] labels = batch.labels();
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      NetworkOutput output = model.forward(batch, ForwardMode.evaluate(precision));
      LinearHead head = output.head().orElseThrow().in(output.pooledND().dtype());
      Chunks.visit(
          labels.length,
          HeadLoss.chunkRows(head),
          (first, count) -> {
            int from = Math.toIntExact(first);
            int to = Math.toIntExact(first + count);
            Tensor logitsNV = head.logits(output.pooledND().narrow(0, first, count));
            answers.add(answer(logitsNV, Arrays.copyOfRange(labels, from, to)));
          });
    }
    return answers;
  }

  private static Answer answer(Tensor logitsNV, int[] labels) {
    return told(Functions.logSoftmax(logitsNV, -1), labels);
  }

  private static Answer told(Tensor logProbsNV, int[] labels) {
    Tensor predictedN1 = logProbsNV.argMax(-1).unsqueeze(-1);
    long[] wanted = Arrays.stream(labels).asLongStream().toArray();
    Tensor labelsN1 = Tensors.of(wanted, wanted.length, 1);
    double[] predicted = predictedN1.toDoubles();
    return new Answer(
        labels,
        Arrays.stream(predicted).mapToInt(id -> (int) id).toArray(),
        logProbsNV.gather(1, predictedN1).exp().toDoubles(),
        logProbsNV.gather(1, labelsN1).toDoubles());
  }

  private static int[] ints(List<Answer> answers, Function<Answer, int[]> part) {
    return answers.stream().map(part).flatMapToInt(IntStream::of).toArray();
  }

  private static double[] doubles(List<Answer> answers, Function<Answer, double[]> part) {
    return answers.stream().map(part).flatMapToDouble(DoubleStream::of).toArray();
  }
}
