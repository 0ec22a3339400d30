package dev.retort.train;

import dev.retort.data.Batch;
import dev.retort.model.Network;
import dev.retort.model.Precision;
import dev.retort.objective.BoundFeature;
import dev.retort.recipe.Source;
import dev.retort.signal.Need;
import dev.retort.signal.Signals;
import dev.retort.teacher.LocalTeacher;
import dev.retort.teacher.Question;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/// The models that a student's own terms learn from, made of its weights: a moving average for each
/// [Source.Ema] among them, and what it began as for [Source.Start].
///
/// @param <B> what the student computes
final class MovingAverages<B extends Batch> implements AutoCloseable {

  private final Network<B> student;
  private final Precision precision;
  private final SequencedMap<Source, Network<B>> averages = new LinkedHashMap<>();
  private final Set<Need> needs;

  /// The averages for `job`, equal to its student.
  MovingAverages(TrainJob<B> job, Losses losses) {
    this.student = job.student();
    this.precision = job.settings().precision();
    this.needs = EnumSet.of(Need.DISTRIBUTION);
    for (BoundTerm term : losses.terms()) {
      if (term.from() instanceof Source.Ema || term.from() instanceof Source.Start) {
        averages.computeIfAbsent(term.from(), _ -> job.student().copy());
        if (term.objective() instanceof BoundFeature) {
          needs.add(Need.HIDDEN_STATES);
        }
      }
    }
  }

  /// Moves every average towards the student, which has just made optimizer step `step`, counted
  /// from 1.
  void follow(long step) {
    averages.forEach((source, average) -> {
      if (!(source instanceof Source.Ema ema)) {
        return;
      }
      double decay = ema.decayAt(step);
      try (Scope _ = Scope.open();
          NoGrad _ = NoGrad.open()) {
        average
            .parameters()
            .byName()
            .forEach((name, tensor) ->
                tensor
                    .detach()
                    .timesInPlace(decay)
                    .addInPlace(student.parameters().get(name).detach().times(1 - decay)));
      }
    });
  }

  /// What every average says about `question`.
  Map<Source, Signals> ask(Question<B> question) {
    Map<Source, Signals> heard = new LinkedHashMap<>();
    averages.forEach((source, average) ->
        heard.put(
            source, new LocalTeacher<>(name(source), "", average, precision).ask(question, needs)));
    return heard;
  }

  private static String name(Source source) {
    return source instanceof Source.Ema ema ? "ema.%s".formatted(ema.decay()) : "start";
  }

  /// The averaged weights, which the next step depends on.
  SequencedMap<String, Tensor> state() {
    SequencedMap<String, Tensor> all = new LinkedHashMap<>();
    averages.forEach((source, average) -> {
      String prefix = name(source) + ".";
      average.parameters().byName().forEach((name, tensor) -> all.put(prefix + name, tensor));
    });
    return all;
  }

  @Override
  public void close() {
    averages.values().forEach(Network::close);
  }
}
