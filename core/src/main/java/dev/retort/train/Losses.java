package dev.retort.train;

import dev.retort.data.Batch;
import dev.retort.data.SequenceBatch;
import dev.retort.data.Target;
import dev.retort.model.EncoderOutput;
import dev.retort.model.NetworkOutput;
import dev.retort.model.TokenBatches;
import dev.retort.objective.AnswerObjective;
import dev.retort.objective.BoundEmbedding;
import dev.retort.objective.BoundFeature;
import dev.retort.objective.BoundObjective;
import dev.retort.objective.BoundSelf;
import dev.retort.objective.RowLoss;
import dev.retort.objective.RowObjective;
import dev.retort.objective.Rows;
import dev.retort.recipe.Source;
import dev.retort.signal.Signals;
import dev.retort.teacher.Question;
import dev.retort.tensor.Functions;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// All terms of a run together: their sums, their counts, and one backward pass for all of them.
///
/// @param terms in recipe order; of two with one name, the second is called `name (2)`
record Losses(List<BoundTerm> terms) {

  Losses {
    terms = distinct(terms);
  }

  private static List<BoundTerm> distinct(List<BoundTerm> terms) {
    List<BoundTerm> named = new ArrayList<>();
    Map<String, Integer> seen = new HashMap<>();
    for (BoundTerm term : terms) {
      int times = seen.merge(term.name(), 1, Integer::sum);
      named.add(times == 1 ? term : term.named("%s (%d)".formatted(term.name(), times)));
    }
    return List.copyOf(named);
  }

  /// The same terms with tensors that gather gradients of their own.
  Losses twin() {
    return new Losses(terms.stream().map(BoundTerm::twin).toList());
  }

  /// Whether a term compares the rows of a batch with each other.
  boolean needWholeBatches() {
    return terms.stream().anyMatch(term -> term.objective().wholeBatch());
  }

  /// Whether a term looks into the student's layers.
  boolean needFeatures() {
    return terms.stream()
        .map(BoundTerm::objective)
        .anyMatch(objective -> objective instanceof BoundFeature || objective instanceof BoundSelf);
  }

  /// Whether a term compares the student with itself under another dropout.
  boolean needTwoRuns() {
    return terms.stream().anyMatch(term -> term.from() instanceof Source.Dropout);
  }

  /// How many rows or tokens each term counts over all micro-batches of a step. A mean over a step
  /// divides by this, whatever the micro-batches are.
  long[] counts(List<? extends Batch> microBatches) {
    return terms.stream()
        .mapToLong(term -> microBatches.stream().mapToLong(batch -> count(term, batch)).sum())
        .toArray();
  }

  private static long count(BoundTerm term, Batch batch) {
    return switch (term.objective()) {
      case RowObjective rows -> rows.count(new Counted(batch, term.target()).labels());
      case BoundFeature feature -> feature.count(batch.lengths());
      case BoundEmbedding _ -> batch.size();
      case BoundSelf own -> own.count(batch.labels());
      case AnswerObjective _ -> batch.size();
    };
  }

  /// Adds the gradients of `Σ weight · sum / count` to the parameters, and returns each term's
  /// share of its mean. Weights are those after the share `progress` of all steps.
  ///
  /// Of mixed examples a loss is `λ` times the loss under the labels of the one and `1 − λ` times
  /// that under those of the other: for cross-entropy, the loss under mixed labels.
  SequencedMap<String, Double> backward(
      NetworkOutput student,
      Map<Source, Signals> heard,
      Question<?> question,
      long[] counts,
      double progress) {
    double[] sums = new double[terms.size()];
    SequencedMap<Optional<Target>, List<HeadTerms.Scaled>> behindHead = new LinkedHashMap<>();
    List<Tensor> outputs = new ArrayList<>();
    List<Tensor> gradients = new ArrayList<>();
    for (int i = 0; i < terms.size(); i++) {
      BoundTerm term = terms.get(i);
      double weight = term.weightAt(progress) / Math.max(1, counts[i]);
      Signals signals = heard.getOrDefault(term.from(), Signals.NONE);
      if (term.objective() instanceof AnswerObjective answers) {
        AnswerTerm both = answerTerm(answers, student, question.batch());
        AnswerTerm.Found found = both.backward(signals, weight);
        sums[i] = found.sum();
        outputs.add(student.pooledND());
        gradients.add(found.hiddenND());
      } else if (!(term.objective() instanceof RowObjective objective)) {
        Tensor sum = sum(term.objective(), student, signals, question);
        sums[i] = sum.item();
        outputs.add(sum);
        gradients.add(Tensors.scalar(weight));
      } else if (student.head().isPresent()) {
        behindHead
            .computeIfAbsent(term.target(), _ -> new ArrayList<>())
            .add(new HeadTerms.Scaled(i, term, weight));
      } else {
        RowLoss loss = lossAndGradient(term, objective, student, signals, question);
        sums[i] = loss.sum().item();
        outputs.add(student.logitsNV());
        gradients.add(loss.gradientNV().times(weight));
      }
    }
    behindHead.forEach((target, some) -> {
      Counted counted = new Counted(question.batch(), target);
      if (!counted.isEmpty()) {
        outputs.add(student.pooledND());
        gradients.add(counted.spread(headTerms(student, counted).backward(some, heard, sums)));
      }
    });
    Functions.backward(outputs, gradients);
    student.rest().ifPresent(Runnable::run);
    return means(sums, counts);
  }

  private SequencedMap<String, Double> means(double[] sums, long[] counts) {
    SequencedMap<String, Double> means = new LinkedHashMap<>();
    for (int i = 0; i < terms.size(); i++) {
      means.put(terms.get(i).name(), sums[i] / Math.max(1, counts[i]));
    }
    return means;
  }

  private static AnswerTerm answerTerm(
      AnswerObjective objective, NetworkOutput student, Batch batch) {
    if (!(batch instanceof SequenceBatch pairs)) {
      throw new IllegalStateException(
          "only pairs of answers can be compared, not a " + batch.getClass().getSimpleName());
    }
    return new AnswerTerm(
        objective, student.head().orElseThrow(), student.pooledND().detach(), pairs);
  }

  private static HeadTerms headTerms(NetworkOutput student, Counted counted) {
    return new HeadTerms(
        student.head().orElseThrow(),
        counted.of(student.pooledND()),
        counted.of(TokenBatches.labels(counted.batch())));
  }

  /// The loss of every term added up over `batch`, in the order of the terms.
  double[] sums(NetworkOutput student, Map<Source, Signals> heard, Batch batch) {
    return terms.stream()
        .mapToDouble(term -> {
          Signals signals = heard.getOrDefault(term.from(), Signals.NONE);
          if (term.objective() instanceof RowObjective rows && student.head().isPresent()) {
            Counted counted = new Counted(batch, term.target());
            return counted.isEmpty() ? 0 : headTerms(student, counted).sum(rows, signals);
          }
          if (term.objective() instanceof AnswerObjective answers) {
            return answerTerm(answers, student, batch).sum(signals);
          }
          Tensor labelsN = new Counted(batch, term.target()).labelsN();
          return sum(term.objective(), student, signals, batch, labelsN).item();
        })
        .toArray();
  }

  private static RowLoss lossAndGradient(
      BoundTerm term,
      RowObjective objective,
      NetworkOutput student,
      Signals signals,
      Question<?> question) {
    Tensor labelsN = new Counted(question.batch(), term.target()).labelsN();
    RowLoss own = objective.lossAndGradient(rows(student, signals, labelsN));
    return question
        .mix()
        .map(mix -> {
          Tensor othersN = mix.partnersOf(labelsN);
          RowLoss other = objective.lossAndGradient(rows(student, signals, othersN));
          return new RowLoss(
              mix.between(own.sum(), other.sum()),
              mix.between(own.gradientNV(), other.gradientNV()));
        })
        .orElse(own);
  }

  private static Tensor sum(
      BoundObjective objective, NetworkOutput student, Signals signals, Question<?> question) {
    Batch batch = question.batch();
    Tensor labelsN = TokenBatches.labels(batch);
    Tensor own = sum(objective, student, signals, batch, labelsN);
    return question
        .mix()
        .filter(_ -> objective instanceof BoundSelf)
        .map(mix ->
            mix.between(own, sum(objective, student, signals, batch, mix.partnersOf(labelsN))))
        .orElse(own);
  }

  private static Tensor sum(
      BoundObjective objective,
      NetworkOutput student,
      Signals signals,
      Batch batch,
      Tensor labelsN) {
    return switch (objective) {
      case RowObjective rows -> rows.sum(rows(student, signals, labelsN));
      case BoundFeature feature -> {
        EncoderOutput computed = student.encoder().orElseThrow();
        EncoderOutput taught = signals.features().orElseThrow();
        yield feature.sum(computed, taught, mask(batch, computed));
      }
      case BoundEmbedding embedding ->
          embedding.sum(student.pooledND(), signals.embeddingND().orElseThrow());
      case AnswerObjective _ ->
          throw new IllegalStateException("answers are compared behind their head");
      case BoundSelf own -> {
        EncoderOutput computed = student.encoder().orElseThrow();
        yield own.sum(computed, rows(student, signals, labelsN), mask(batch, computed));
      }
    };
  }

  private static Rows rows(NetworkOutput student, Signals signals, Tensor labelsN) {
    return new Rows(student.logitsNV().detach(), signals.distribution(), labelsN);
  }

  /// 1 where a position holds a token and 0 where it is padding, which is always on the right; all
  /// 1 for a model that computes all texts as one.
  private static Tensor mask(Batch batch, EncoderOutput output) {
    int rows = Math.toIntExact(output.lastBTD().size(0));
    int length = Math.toIntExact(output.lastBTD().size(1));
    long[] mask = new long[rows * length];
    long[] lengths = rows == batch.size() ? batch.lengths() : new long[] {batch.tokens()};
    for (int row = 0; row < lengths.length; row++) {
      int start = row * length;
      Arrays.fill(mask, start, start + Math.toIntExact(lengths[row]), 1);
    }
    return Tensors.of(mask, rows, length);
  }

  /// The sum of the means, under the weights after the share `progress` of all steps.
  double total(SequencedMap<String, Double> means, double progress) {
    return terms.stream()
        .mapToDouble(term -> term.weightAt(progress) * means.getOrDefault(term.name(), 0.0))
        .sum();
  }

  /// The tensors that are trained along with the student, by a name that tells the term.
  SequencedMap<String, Tensor> parameters() {
    SequencedMap<String, Tensor> all = new LinkedHashMap<>();
    for (int i = 0; i < terms.size(); i++) {
      String prefix = "objective." + i + ".";
      terms
          .get(i)
          .objective()
          .parameters()
          .forEach((name, tensor) -> all.put(prefix + name, tensor));
    }
    return all;
  }
}
