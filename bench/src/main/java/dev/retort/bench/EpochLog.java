package dev.retort.bench;

import dev.retort.run.RunListener;
import dev.retort.train.StepReport;
import dev.retort.train.StopSwitch;
import dev.retort.train.TrainResult;
import dev.retort.train.Validation;
import java.util.Locale;

/// Prints a line for every epoch.
final class EpochLog implements RunListener {

  private double loss;
  private long tokens;
  private long since = System.nanoTime();

  @Override
  public void stepEnded(StepReport report) {
    loss = report.loss();
    tokens += report.tokens();
  }

  @Override
  public void validated(Validation validation, StopSwitch stop) {
    double seconds = (System.nanoTime() - since) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "  %s epoch %d: loss %.4f, score %.4f, %.0f tokens/s, %.1f s%n",
        validation.phase(),
        validation.epoch(),
        loss,
        validation.score(),
        tokens / seconds,
        seconds);
    tokens = 0;
    since = System.nanoTime();
  }

  @Override
  public void ended(TrainResult result) {
    System.out.printf(Locale.ROOT, "%s: %s%n", result.phase(), result.end());
  }
}
