package dev.retort.train;

import dev.retort.data.Batch;
import dev.retort.data.BatchSource;
import dev.retort.model.ForwardMode;
import dev.retort.model.Network;
import dev.retort.model.NetworkOutput;
import dev.retort.model.Precision;
import dev.retort.model.Sweep;
import dev.retort.recipe.Source;
import dev.retort.signal.Need;
import dev.retort.signal.Signals;
import dev.retort.teacher.Question;
import dev.retort.teacher.Teacher;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Scores a model by what it has been trained on, the weighted mean of the losses, on validation
/// data: for training that leaves the head as it was, so that answers would tell nothing. The loss
/// is negated, since a higher score is better.
///
/// @param <B> what the model computes
/// @param data the validation data
/// @param teacher who is asked
/// @param needs what for
/// @param terms the losses; those that compare the student with its own average are left out
/// @param precision number format of matrix products
public record LossScore<B extends Batch>(
    BatchSource<B> data,
    Teacher<B> teacher,
    Set<Need> needs,
    List<BoundTerm> terms,
    Precision precision)
    implements Validator<B> {

  public LossScore {
    needs = Set.copyOf(needs);
    terms = terms.stream().filter(term -> term.from() instanceof Source.Teacher).toList();
  }

  @Override
  public double score(Network<B> model) {
    Losses losses = new Losses(terms);
    double[] sums = new double[terms.size()];
    double[] counts = new double[terms.size()];
    Sweep.over(
        data,
        batch -> sums(model, losses, batch),
        (batch, some) -> {
          long[] counted = losses.counts(List.of(batch));
          for (int i = 0; i < sums.length; i++) {
            sums[i] += some[i];
            counts[i] += counted[i];
          }
        },
        _ -> {});
    double total = 0;
    for (int i = 0; i < sums.length; i++) {
      total += terms.get(i).weight() * sums[i] / Math.max(1, counts[i]);
    }
    return -total;
  }

  private double[] sums(Network<B> model, Losses losses, B batch) {
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      Signals signals = teacher.ask(new Question<>(data, batch), needs);
      ForwardMode mode = ForwardMode.evaluate(precision);
      NetworkOutput output = model.forward(batch, losses.needFeatures() ? mode.capturing() : mode);
      return losses.sums(output, Map.of(new Source.Teacher(), signals), batch);
    }
  }
}
