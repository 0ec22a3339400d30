package dev.retort.run;

import dev.retort.train.MetricsFile;
import dev.retort.train.TensorBoardEvents;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// What a run works with, whatever its task.
///
/// Files of metrics begin with the first training phase: a run that cannot begin leaves none.
final class RunTools implements AutoCloseable {

  /// Who trains, and where it is written down how it goes.
  private record Trainers(PhaseRunner runner, MetricsFile metrics, TensorBoardEvents events) {}

  private final RunContext context;
  private final RunFolder folder;
  private final Clock clock;
  private final Instant started;
  private Optional<Trainers> trainers = Optional.empty();

  RunTools(RunContext context, RunFolder folder, Clock clock, Instant started) {
    this.context = context;
    this.folder = folder;
    this.clock = clock;
    this.started = started;
  }

  /// How long everything takes.
  Clock clock() {
    return clock;
  }

  /// When the run began.
  Instant started() {
    return started;
  }

  /// Who trains.
  PhaseRunner runner() throws IOException {
    if (trainers.isEmpty()) {
      trainers = Optional.of(open());
    }
    return trainers.orElseThrow().runner();
  }

  private Trainers open() throws IOException {
    MetricsFile metrics = MetricsFile.open(folder.root().resolve("metrics.jsonl"));
    try {
      TensorBoardEvents events = TensorBoardEvents.open(folder.root(), InstantSource.system());
      PhaseRunner runner =
          new PhaseRunner(List.of(metrics, events, context.listener()), context.stop());
      return new Trainers(runner, metrics, events);
    } catch (IOException e) {
      metrics.close();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    if (trainers.isPresent()) {
      try (MetricsFile _ = trainers.get().metrics();
          TensorBoardEvents _ = trainers.get().events()) {
        trainers = Optional.empty();
      }
    }
  }
}
