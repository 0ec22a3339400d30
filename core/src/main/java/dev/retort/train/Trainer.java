package dev.retort.train;

import dev.retort.data.Batch;
import dev.retort.data.Batches;
import dev.retort.recipe.TrainSettings;
import dev.retort.tensor.Seed;
import dev.retort.tensor.Workers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The training loop: ask the teacher, run the student, add up the losses, step.
///
/// @param <B> what the student computes
public final class Trainer<B extends Batch> implements AutoCloseable {

  private final TrainJob<B> job;
  private final Workers workers;
  private final Losses losses;
  private final Shards<B> shards;
  private final Optimizer optimizer;
  private final MovingAverages<B> averages;
  private final BestWeights best;
  private final Checkpoints checkpoints;
  private final List<TrainListener> listeners;
  private final StopSwitch stop;
  private final List<Batches<B>> epochs;
  private final List<EpochScore> history = new ArrayList<>();
  private long step;

  /// A trainer for `job` that keeps its checkpoints in `checkpoints` and ends when `stop` says so.
  public Trainer(
      TrainJob<B> job, Checkpoints checkpoints, List<TrainListener> listeners, StopSwitch stop) {
    this.job = job;
    this.losses = new Losses(job.terms());
    this.workers = Workers.share(Shards.count(losses));
    this.averages = new MovingAverages<>(job, losses);
    this.shards = new Shards<>(job, losses, averages, workers);
    this.optimizer =
        new Optimizer(
            Shards.trained(job.student(), losses), job.student().tables(), job.settings(), workers);
    this.best = new BestWeights(job.student().parameters(), job.settings().keep());
    this.checkpoints = checkpoints;
    this.listeners = Stream.concat(Stream.of(job.rollouts()), listeners.stream()).toList();
    this.stop = stop;
    this.epochs =
        IntStream.range(0, job.settings().epochs())
            .mapToObj(epoch ->
                Batches.shuffled(
                    job.data(), job.settings().batchTokens(), job.settings().seed(), epoch))
            .toList();
  }

  /// Trains from the latest checkpoint, or from the beginning, to the end.
  ///
  /// @throws TrainingDivergedException if a listener finds that the run will not recover
  /// @throws IOException if a checkpoint cannot be read or written
  public TrainResult run() throws IOException {
    TrainState state =
        new TrainState(
            job.student().parameters(), losses, optimizer, averages, best, job.rollouts());
    checkpoints
        .restore(state)
        .ifPresent(position -> {
          step = position.step();
          history.addAll(position.history());
        });
    listeners.forEach(
        listener -> listener.started(new TrainProgress(job.phase(), step, totalSteps())));
    long firstOfEpoch = 0;
    for (int epoch = 0; epoch < epochs.size() && stop.reason().isEmpty(); epoch++) {
      long next = firstOfEpoch + stepsOf(epoch);
      if (step < next || history.size() <= epoch) {
        epoch(epoch, firstOfEpoch, state);
      }
      firstOfEpoch = next;
    }
    return finish();
  }

  private void epoch(int epoch, long firstStep, TrainState state) throws IOException {
    long end = firstStep + stepsOf(epoch);
    while (step < end && stop.reason().isEmpty()) {
      step(epoch, step - firstStep);
      if (step % job.settings().checkpointEvery() == 0 || stop.reason().isPresent()) {
        checkpoint(state);
      }
    }
    if (step == end && stop.reason().isEmpty()) {
      validate(epoch);
      checkpoint(state);
    }
  }

  private void step(int epoch, long stepOfEpoch) {
    TrainSettings settings = job.settings();
    long seed = Seed.derive(settings.seed(), step);
    Seed.set(seed);
    double progress = step / (double) totalSteps();
    Rollouts.Moment moment = new Rollouts.Moment(step + 1, progress, seed);
    StepBatches<B> batches = job.rollouts().of(planned(epoch, stepOfEpoch), moment, workers);
    SequencedMap<String, Double> means =
        shards.gradients(batches.data(), batches.microBatches(), seed, progress);
    double learningRate = settings.learningRate() * settings.schedule().factor(step, totalSteps());
    double norm = optimizer.step(learningRate, settings.clip());
    step++;
    averages.follow(step);
    StepReport report =
        new StepReport(
            job.phase(),
            step,
            totalSteps(),
            epoch,
            losses.total(means, progress),
            means,
            learningRate,
            norm,
            batches.tokens(),
            batches.rollout());
    listeners.forEach(listener -> listener.stepEnded(report));
  }

  private void validate(int epoch) {
    double score = job.validator().score(job.student());
    history.add(new EpochScore(epoch, step, score));
    Validation validation = new Validation(job.phase(), epoch, step, score, history);
    if (validation.best()) {
      best.remember();
    }
    listeners.forEach(listener -> listener.validated(validation, stop));
  }

  private void checkpoint(TrainState state) throws IOException {
    checkpoints.write(new Checkpoints.Position(step, history), state);
    listeners.forEach(listener -> listener.checkpointed(step));
  }

  private TrainResult finish() {
    TrainResult.End end = stop.reason().orElse(TrainResult.End.FINISHED);
    if (end != TrainResult.End.INTERRUPTED) {
      best.recall();
    }
    TrainResult result = new TrainResult(job.phase(), end, step, history, job.settings().keep());
    listeners.forEach(listener -> listener.ended(result));
    return result;
  }

  private StepBatches<B> planned(int epoch, long stepOfEpoch) {
    Batches<B> batches = epochs.get(epoch);
    int first = Math.toIntExact(stepOfEpoch * job.settings().accumulate());
    int last = Math.min(batches.size(), first + job.settings().accumulate());
    return new StepBatches<>(
        batches.data(), IntStream.range(first, last).mapToObj(batches::get).toList());
  }

  private long stepsOf(int epoch) {
    return Math.ceilDiv(epochs.get(epoch).size(), job.settings().accumulate());
  }

  private long totalSteps() {
    return IntStream.range(0, epochs.size()).mapToLong(this::stepsOf).sum();
  }

  @Override
  public void close() {
    workers.close();
    shards.close();
    optimizer.close();
    averages.close();
    best.close();
  }
}
