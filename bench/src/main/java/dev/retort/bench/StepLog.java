package dev.retort.bench;

import dev.retort.data.Batch;
import dev.retort.data.Batches;
import dev.retort.train.StepReport;
import dev.retort.train.StopSwitch;
import dev.retort.train.TrainListener;
import dev.retort.train.TrainResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/// Notes when each step ends, stops after the last, and sums up the steps after the warm-up.
///
/// @param <B> what a step is computed on
final class StepLog<B> implements TrainListener {

  /// Steps before the first that counts, as many as on the other side.
  static final int WARM_UP = 3;

  private final List<B> batches;
  private final StopSwitch stop;
  private final List<Double> losses = new ArrayList<>();
  private final List<Long> ends = new ArrayList<>();

  /// A log of one step on each of `batches`.
  StepLog(List<B> batches, StopSwitch stop) {
    this.batches = List.copyOf(batches);
    this.stop = stop;
  }

  /// The first batches of `epoch`, one for each step that the arguments ask for.
  static <B extends Batch> List<B> planned(Batches<B> epoch, Arguments arguments) {
    int steps = arguments.count("steps", WARM_UP + 1);
    if (steps > epoch.size()) {
      throw new IllegalArgumentException(
          "--steps: %d is too many; an epoch of these data has %d".formatted(steps, epoch.size()));
    }
    return IntStream.range(0, steps).mapToObj(epoch::get).toList();
  }

  @Override
  public void stepEnded(StepReport report) {
    ends.add(System.nanoTime());
    losses.add(report.loss());
    if (ends.size() == batches.size()) {
      stop.stop(TrainResult.End.INTERRUPTED);
    }
  }

  /// How much training on batches costs.
  interface Cost<B> {

    /// The rates of a run that took `seconds` for `batches`.
    SequencedMap<String, Object> rates(List<B> batches, double seconds);
  }

  /// The rates over the steps after the warm-up.
  SequencedMap<String, Object> summary(Cost<B> cost) {
    List<B> timed = batches.subList(WARM_UP, batches.size());
    double seconds = (ends.getLast() - ends.get(WARM_UP - 1)) / 1e9;
    double[] steps = new double[timed.size()];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = (ends.get(WARM_UP + i) - ends.get(WARM_UP + i - 1)) / 1e9;
    }
    SequencedMap<String, Object> summary = new LinkedHashMap<>();
    summary.put("timed_steps", timed.size());
    summary.put("timed_seconds", seconds);
    summary.put("median_step_seconds", new Quantiles(steps).median());
    summary.putAll(cost.rates(timed, seconds));
    summary.put("losses", losses);
    return summary;
  }
}
