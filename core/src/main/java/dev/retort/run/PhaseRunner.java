package dev.retort.run;

import dev.retort.data.Batch;
import dev.retort.io.Aside;
import dev.retort.model.TensorFile;
import dev.retort.train.Checkpoints;
import dev.retort.train.DivergenceStop;
import dev.retort.train.EarlyStopping;
import dev.retort.train.Rollout;
import dev.retort.train.StepReport;
import dev.retort.train.StopSwitch;
import dev.retort.train.TrainJob;
import dev.retort.train.TrainListener;
import dev.retort.train.TrainProgress;
import dev.retort.train.TrainResult;
import dev.retort.train.Trainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// Trains one phase of a run, or takes up what an earlier attempt left: a finished phase is read
/// back, an interrupted one goes on from its checkpoint. It believes that what lies in a phase's
/// folder is of the same job: another one needs another folder.
///
/// @param listeners who hears of every step
/// @param stop ends the phase at the user's wish
public record PhaseRunner(List<TrainListener> listeners, StopSwitch stop) {

  private static final String WEIGHTS = "model.safetensors";
  private static final String RECORD = "phase.json";
  private static final String PROGRESS = "progress.json";

  public PhaseRunner {
    listeners = List.copyOf(listeners);
  }

  /// Makes the job's student what it is after training, in `folder`.
  ///
  /// @throws RunInterruptedException if the user asked for the end before it was reached
  public <B extends Batch> TrainedPhase run(TrainJob<B> job, Path folder) throws IOException {
    if (Files.exists(folder.resolve(RECORD))) {
      TensorFile.readInto(weights(folder), job.student().parameters().byName());
      return read(folder.resolve(RECORD));
    }
    Recorder recorder = new Recorder(job.phase(), folder.resolve(PROGRESS));
    TrainResult result = train(job, folder, recorder);
    if (result.end() == TrainResult.End.INTERRUPTED) {
      throw new RunInterruptedException(job.phase(), folder);
    }
    TrainedPhase phase = recorder.phase(result);
    TensorFile.write(weights(folder), job.student().parameters().byName());
    write(folder.resolve(RECORD), phase);
    checkpoints(folder).deleteAll();
    Files.deleteIfExists(folder.resolve(PROGRESS));
    return phase;
  }

  /// The file with the weights of a finished phase.
  public static Path weights(Path folder) {
    return folder.resolve(WEIGHTS);
  }

  private <B extends Batch> TrainResult train(TrainJob<B> job, Path folder, Recorder recorder)
      throws IOException {
    List<TrainListener> all = new ArrayList<>(List.of(recorder, new DivergenceStop()));
    job.settings().earlyStop().map(EarlyStopping::new).ifPresent(all::add);
    all.addAll(listeners);
    try (Trainer<B> trainer = new Trainer<>(job, checkpoints(folder), all, stop)) {
      return trainer.run();
    }
  }

  private static Checkpoints checkpoints(Path folder) {
    return new Checkpoints(folder.resolve("checkpoints"));
  }

  /// Gathers what a report shows of a phase, over all interruptions: what was gathered up to a
  /// checkpoint is written down with it.
  private static final class Recorder implements TrainListener {

    private static final int POINTS = 400;

    private final String phase;
    private final Path file;
    private final List<TrainedPhase.LossPoint> losses = new ArrayList<>();
    private long tokens;
    private Optional<Rollout> rollout = Optional.empty();
    private double seconds;
    private long last = System.nanoTime();

    Recorder(String phase, Path file) {
      this.phase = phase;
      this.file = file;
    }

    @Override
    public void started(TrainProgress progress) {
      if (progress.step() > 0 && Files.exists(file)) {
        TrainedPhase before = read(file);
        before.losses().stream()
            .filter(point -> point.step() <= progress.step())
            .forEach(losses::add);
        tokens = before.tokens();
        rollout = before.rollout();
        seconds = before.seconds();
      }
      last = System.nanoTime();
    }

    @Override
    public void stepEnded(StepReport report) {
      long now = System.nanoTime();
      seconds += (now - last) / 1e9;
      last = now;
      tokens += report.tokens();
      report
          .rollout()
          .ifPresent(some -> rollout = Optional.of(rollout.orElse(Rollout.NONE).plus(some)));
      long stride = Math.max(1, report.totalSteps() / POINTS);
      if (report.step() % stride == 0) {
        losses.add(new TrainedPhase.LossPoint(report.step(), report.loss()));
      }
    }

    @Override
    public void checkpointed(long step) {
      write(file, new TrainedPhase(phase, step, seconds, tokens, losses, List.of(), rollout));
    }

    TrainedPhase phase(TrainResult result) {
      return new TrainedPhase(
          phase, result.steps(), seconds, tokens, losses, result.history(), rollout);
    }
  }

  private static TrainedPhase read(Path file) {
    try {
      return JsonMapper.shared().readValue(Files.readString(file), TrainedPhase.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path file, TrainedPhase phase) {
    try {
      Aside.file(
          file, aside -> Files.writeString(aside, JsonMapper.shared().writeValueAsString(phase)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
