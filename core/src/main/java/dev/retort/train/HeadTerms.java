package dev.retort.train;

import dev.retort.model.LinearHead;
import dev.retort.objective.HeadGradient;
import dev.retort.objective.HeadLoss;
import dev.retort.objective.HeadRows;
import dev.retort.objective.RowObjective;
import dev.retort.objective.Rows;
import dev.retort.objective.TeacherRows;
import dev.retort.recipe.Source;
import dev.retort.signal.Distribution;
import dev.retort.signal.Signals;
import dev.retort.tensor.Chunks;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// The row losses of a model whose head reads so large a vocabulary that the logits of all rows are
/// never computed at once.
///
/// @param head what makes logits
/// @param hiddenND what it reads, `[N, D]`
/// @param labelsN the true labels, −1 where unknown, `INT64` `[N]`
record HeadTerms(LinearHead head, Tensor hiddenND, Tensor labelsN) {

  /// A term, by its place in the recipe, and what its sum is multiplied by.
  record Scaled(int index, BoundTerm term, double scale) {}

  /// Adds the head's gradients to its parameters, unless it is frozen, the losses to `sums`, and
  /// returns the gradient of the hidden states. Terms that hear the same are computed from the same
  /// logits.
  Tensor backward(List<Scaled> terms, Map<Source, Signals> heard, double[] sums) {
    Optional<LinearHead> gradient = head.gathered();
    SequencedMap<Source, List<Scaled>> bySource = new LinkedHashMap<>();
    terms.forEach(scaled ->
        bySource.computeIfAbsent(scaled.term().from(), _ -> new ArrayList<>()).add(scaled));
    Tensor sumND = Tensors.zerosLike(hiddenND.detach());
    bySource.forEach((source, some) -> {
      HeadLoss loss = HeadLoss.of(head, some.stream().map(HeadTerms::term).toList());
      HeadRows rows =
          new HeadRows(hiddenND, teacher(heard.getOrDefault(source, Signals.NONE)), labelsN);
      HeadGradient found = loss.lossAndGradient(rows, gradient);
      for (int i = 0; i < some.size(); i++) {
        sums[some.get(i).index()] += found.sums().get(i);
      }
      sumND.addInPlace(found.hiddenND());
    });
    return sumND;
  }

  private static HeadLoss.Term term(Scaled scaled) {
    return new HeadLoss.Term((RowObjective) scaled.term().objective(), scaled.scale());
  }

  /// The loss of `objective` added up over all rows.
  double sum(RowObjective objective, Signals signals) {
    TeacherRows teacher = teacher(signals);
    LinearHead narrow = head.in(hiddenND.dtype());
    List<Double> sums = new ArrayList<>();
    Chunks.visit(
        hiddenND.size(0),
        HeadLoss.chunkRows(head),
        (first, count) -> {
          Tensor logitsNV = narrow.logits(hiddenND.detach().narrow(0, first, count)).detach();
          Rows chunk =
              new Rows(logitsNV, teacher.of(first, count), labelsN.narrow(0, first, count));
          sums.add(objective.sum(chunk).item());
        });
    return sums.stream().reduce(0.0, Double::sum);
  }

  private TeacherRows teacher(Signals signals) {
    return signals.distribution().map(this::teacher).orElse(TeacherRows.none());
  }

  /// A head that is asked chunk by chunk computes into the same memory.
  private TeacherRows teacher(Distribution distribution) {
    return distribution instanceof Distribution.Headed(var read, var behind)
        ? TeacherRows.of(behind, read, HeadLoss.chunkRows(head))
        : TeacherRows.of(distribution);
  }
}
