package dev.retort.eval;

import java.util.EnumMap;
import java.util.Map;

/// How well a masked language model finds hidden tokens. A row of its [Predictions] is a hidden
/// token, and intervals are over those.
public final class TokenMetrics {

  private TokenMetrics() {}

  /// Accuracy with Wilson's interval, the mean log loss, and the perplexity `exp(log loss)` of the
  /// hidden tokens: what Salazar et al. (2020) call pseudo-perplexity, for tokens that are hidden
  /// some at a time instead of one at a time.
  public static Map<Metric, Measured> measurements(Predictions predictions, Bootstrap bootstrap) {
    Measured loss =
        bootstrap.percentile(
            predictions.size(), drawn -> Calibration.negativeLogLikelihood(predictions, drawn));
    Map<Metric, Measured> measurements = new EnumMap<>(Metric.class);
    measurements.put(Metric.ACCURACY, Measured.share(predictions.right(), predictions.size()));
    measurements.put(Metric.NEGATIVE_LOG_LIKELIHOOD, loss);
    measurements.put(
        Metric.PERPLEXITY,
        new Measured(
            Math.exp(loss.value()), Math.exp(loss.low()), Math.exp(loss.high()), loss.samples()));
    return measurements;
  }
}
