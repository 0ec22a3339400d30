package dev.retort.app.run;

import dev.retort.app.terminal.Console;
import dev.retort.app.terminal.Metric;
import dev.retort.app.terminal.ProgressBar;
import dev.retort.app.terminal.ProgressReporter;
import dev.retort.run.RunListener;
import dev.retort.train.StepReport;
import dev.retort.train.TrainProgress;
import dev.retort.train.TrainResult;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Shows how a run goes: a bar while a phase lasts, and one line when it has ended.
public final class RunDisplay implements RunListener {

  /// A phase that has begun.
  ///
  /// @param name what is done
  /// @param begin when it began
  /// @param bar its progress, if the amount of work is known
  private record Phase(String name, Instant begin, Optional<ProgressReporter> bar) {}

  private final Console console;
  private final InstantSource clock;
  private final Interruption interruption;
  private Optional<Phase> current = Optional.empty();
  private long tokens;

  /// A display on `console`, which tells `interruption` when there is a training step to wait for.
  public RunDisplay(Console console, InstantSource clock, Interruption interruption) {
    this.console = console;
    this.clock = clock;
    this.interruption = interruption;
  }

  @Override
  public void phaseStarted(String phase, long total, String unit) {
    endOpen();
    begin(phase, 0, total);
    if (total == 0 && console.isTerminal()) {
      console.status(phase + " ...");
    }
  }

  @Override
  public void advanced(long done) {
    current.flatMap(Phase::bar).ifPresent(bar -> bar.update(done, List.of()));
  }

  @Override
  public void phaseEnded(String phase, String summary) {
    String time =
        current
            .filter(open -> open.name().equals(phase))
            .map(open -> " in " + ProgressBar.duration(elapsed(open)))
            .orElse("");
    line(phase, summary + time);
    current = current.filter(open -> !open.name().equals(phase));
  }

  @Override
  public void noted(String message) {
    console.note(message);
  }

  @Override
  public void started(TrainProgress progress) {
    endOpen();
    tokens = 0;
    begin(progress.phase(), progress.step(), progress.totalSteps());
    interruption.training(true);
    if (progress.step() > 0) {
      line(progress.phase(), "goes on after step %,d".formatted(progress.step()));
    }
  }

  @Override
  public void stepEnded(StepReport report) {
    tokens += report.tokens();
    current.ifPresent(phase -> {
      double seconds = Math.max(1e-9, elapsed(phase).toNanos() / 1e9);
      List<Metric> metrics =
          List.of(Metric.of("loss", report.loss()), Metric.rate(tokens / seconds, "tokens"));
      phase.bar().ifPresent(bar -> bar.update(report.step(), metrics));
    });
  }

  @Override
  public void ended(TrainResult result) {
    interruption.training(false);
    if (result.end() == TrainResult.End.INTERRUPTED) {
      current = Optional.empty();
    } else {
      String kept =
          result
              .kept()
              .map(epoch ->
                  String.format(
                      Locale.ROOT,
                      ", validation score %.4f after epoch %d",
                      epoch.score(),
                      epoch.epoch() + 1))
              .orElse("");
      phaseEnded(result.phase(), "%,d steps%s,".formatted(result.steps(), kept));
    }
  }

  /// Ends the phase that nobody has ended: a run's last one, or one followed by the next.
  public void endOpen() {
    current.ifPresent(phase -> line(phase.name(), "took " + ProgressBar.duration(elapsed(phase))));
    current = Optional.empty();
  }

  private void begin(String phase, long first, long total) {
    Optional<ProgressReporter> bar =
        total == 0
            ? Optional.empty()
            : Optional.of(new ProgressReporter(console, clock, phase, first, total));
    current = Optional.of(new Phase(phase, clock.instant(), bar));
  }

  private void line(String phase, String text) {
    console.note("%-24s %s".formatted(phase, text));
  }

  private Duration elapsed(Phase phase) {
    Duration elapsed = Duration.between(phase.begin(), clock.instant());
    return elapsed.isNegative() ? Duration.ZERO : elapsed;
  }
}
