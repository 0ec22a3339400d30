package dev.retort.train;

/// Ends a run whose loss is no longer a number, or stays far above the least of its first steps:
/// above twice that, and by 1 at least, so that a run that begins near 0 may wander.
public final class DivergenceStop implements TrainListener {

  private static final int WARM_UP = 10;
  private static final int PATIENCE = 20;
  private static final double SMOOTHING = 0.9;

  private int seen;
  private int above;
  private double beginning;
  private double smoothed;

  @Override
  public void stepEnded(StepReport report) {
    if (!Double.isFinite(report.loss()) || !Double.isFinite(report.gradientNorm())) {
      throw diverged(report, "is no longer a number");
    }
    if (seen++ < WARM_UP) {
      beginning = seen == 1 ? report.loss() : Math.min(beginning, report.loss());
      smoothed = beginning;
      return;
    }
    smoothed = SMOOTHING * smoothed + (1 - SMOOTHING) * report.loss();
    above = smoothed > Math.max(2 * beginning, beginning + 1) ? above + 1 : 0;
    if (above >= PATIENCE) {
      throw diverged(report, "has stayed far above what it began with, %.4f,".formatted(beginning));
    }
  }

  private static TrainingDivergedException diverged(StepReport report, String how) {
    return new TrainingDivergedException(
        "%s, step %d: the loss %s (loss %.4g, gradient norm %.4g). Lower the learning rate (now %.3g), lengthen the warm-up, or train in fp32."
            .formatted(
                report.phase(),
                report.step(),
                how,
                report.loss(),
                report.gradientNorm(),
                report.learningRate()));
  }
}
