package dev.retort.train;

import dev.retort.data.Batch;
import dev.retort.model.EncoderOutput;
import dev.retort.model.NetworkOutput;
import dev.retort.model.TokenBatches;
import dev.retort.objective.BoundEmbedding;
import dev.retort.objective.BoundFeature;
import dev.retort.objective.BoundObjective;
import dev.retort.objective.RowLoss;
import dev.retort.objective.RowObjective;
import dev.retort.objective.Rows;
import dev.retort.signal.Signals;
import dev.retort.tensor.Functions;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// All terms of a run together: their sums, their counts, and one backward pass for all of them.
///
/// @param terms in recipe order
record Losses(List<BoundTerm> terms) {

  /// The same terms with tensors that gather gradients of their own.
  Losses twin() {
    return new Losses(
        terms.stream()
            .map(term -> new BoundTerm(term.name(), twin(term.objective()), term.weight()))
            .toList());
  }

  private static BoundObjective twin(BoundObjective objective) {
    return switch (objective) {
      case RowObjective rows -> rows;
      case BoundFeature feature -> feature.twin();
      case BoundEmbedding embedding -> embedding.twin();
    };
  }

  /// Whether a term compares the rows of a batch with each other.
  boolean needWholeBatches() {
    return terms.stream()
        .map(BoundTerm::objective)
        .anyMatch(objective ->
            switch (objective) {
              case RowObjective _ -> false;
              case BoundFeature feature -> feature.wholeBatch();
              case BoundEmbedding embedding -> embedding.wholeBatch();
            });
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
      case RowObjective rows -> rows.count(batch.labels());
      case BoundFeature feature -> feature.count(batch.lengths());
      case BoundEmbedding _ -> batch.size();
    };
  }

  /// Adds the gradients of `Σ weight · sum / count` to the parameters, and returns each term's
  /// share of its mean.
  SequencedMap<String, Double> backward(
      NetworkOutput student, Signals teacher, Batch batch, long[] counts) {
    SequencedMap<String, Double> means = new LinkedHashMap<>();
    List<Tensor> outputs = new ArrayList<>();
    List<Tensor> gradients = new ArrayList<>();
    Optional<Rows> rows =
        student
            .logits()
            .map(logitsNV ->
                new Rows(logitsNV.detach(), teacher.distribution(), TokenBatches.labels(batch)));
    for (int i = 0; i < terms.size(); i++) {
      BoundTerm term = terms.get(i);
      double scale = 1.0 / Math.max(1, counts[i]);
      Tensor sum;
      switch (term.objective()) {
        case RowObjective objective -> {
          RowLoss loss = objective.lossAndGradient(rows.orElseThrow());
          sum = loss.sum();
          outputs.add(student.logitsNV());
          gradients.add(loss.gradientNV().times(scale * term.weight()));
        }
        case BoundFeature feature -> {
          EncoderOutput computed = student.encoder().orElseThrow();
          EncoderOutput taught = teacher.features().orElseThrow();
          sum = feature.sum(computed, taught, mask(batch, computed));
          outputs.add(sum);
          gradients.add(Tensors.scalar(scale * term.weight()));
        }
        case BoundEmbedding embedding -> {
          sum = embedding.sum(student.pooledND(), teacher.embeddingND().orElseThrow());
          outputs.add(sum);
          gradients.add(Tensors.scalar(scale * term.weight()));
        }
      }
      means.merge(term.name(), sum.item() * scale, Double::sum);
    }
    Functions.backward(outputs, gradients);
    return means;
  }

  /// 1 where a position holds a token and 0 where it is padding, which is always on the right.
  private static Tensor mask(Batch batch, EncoderOutput output) {
    int length = Math.toIntExact(output.lastBTD().size(1));
    long[] mask = new long[batch.size() * length];
    long[] lengths = batch.lengths();
    for (int row = 0; row < lengths.length; row++) {
      int start = row * length;
      Arrays.fill(mask, start, start + Math.toIntExact(lengths[row]), 1);
    }
    return Tensors.of(mask, batch.size(), length);
  }

  /// The weighted sum of the means.
  double total(SequencedMap<String, Double> means) {
    return terms.stream()
        .mapToDouble(term -> term.weight() * means.getOrDefault(term.name(), 0.0))
        .sum();
  }

  /// The tensors that are trained along with the student, by a name that tells the term.
  SequencedMap<String, Tensor> parameters() {
    SequencedMap<String, Tensor> all = new LinkedHashMap<>();
    for (int i = 0; i < terms.size(); i++) {
      String prefix = "objective." + i + ".";
      parameters(terms.get(i).objective())
          .forEach((name, tensor) -> all.put(prefix + name, tensor));
    }
    return all;
  }

  private static SequencedMap<String, Tensor> parameters(BoundObjective objective) {
    return switch (objective) {
      case RowObjective _ -> new LinkedHashMap<>();
      case BoundFeature feature -> feature.parameters();
      case BoundEmbedding embedding -> embedding.parameters();
    };
  }
}
