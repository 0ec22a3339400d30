package dev.retort.eval;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleUnaryOperator;

/// What the student costs to run on a busy machine, what it saves against the teacher, and after
/// how many requests that has paid for its training and for the answers that it learnt from.
/// Intervals are those of the throughput.
public record Cost(
    Measured studentPer1000, Measured savingPer1000, Optional<Measured> breakEvenRequests) {

  /// The cost at `throughput` requests per second.
  ///
  /// `student = 1000 · machinePerHour / (3600 · throughput)`, `saving = teacher − student`, and
  /// `break-even = (trainingHours · machinePerHour + answers) / (saving / 1000)`, which is infinite
  /// where there is no saving and empty without `trainingHours`.
  public static Cost of(Prices prices, Measured throughput, OptionalDouble trainingHours) {
    DoubleUnaryOperator student = rate -> 1000 * prices.machinePerHour() / (3600 * rate);
    DoubleUnaryOperator saving =
        rate -> prices.teacherPer1000Requests() - student.applyAsDouble(rate);
    Optional<Measured> breakEven = Optional.empty();
    if (trainingHours.isPresent()) {
      double training = trainingHours.getAsDouble() * prices.machinePerHour() + prices.answers();
      breakEven =
          Optional.of(through(throughput, rate -> breakEven(training, saving.applyAsDouble(rate))));
    }
    return new Cost(through(throughput, student), through(throughput, saving), breakEven);
  }

  /// The numbers under their metrics.
  public Map<Metric, Measured> measurements() {
    Map<Metric, Measured> measurements = new EnumMap<>(Metric.class);
    measurements.put(Metric.COST_PER_1000, studentPer1000);
    measurements.put(Metric.SAVING_PER_1000, savingPer1000);
    breakEvenRequests.ifPresent(requests -> measurements.put(Metric.BREAK_EVEN_REQUESTS, requests));
    return measurements;
  }

  private static double breakEven(double training, double savingPer1000) {
    return savingPer1000 > 0 ? 1000 * training / savingPer1000 : Double.POSITIVE_INFINITY;
  }

  /// The measurement of a monotone function of a measured quantity.
  private static Measured through(Measured measured, DoubleUnaryOperator function) {
    double atLow = function.applyAsDouble(measured.low());
    double atHigh = function.applyAsDouble(measured.high());
    return new Measured(
        function.applyAsDouble(measured.value()),
        Math.min(atLow, atHigh),
        Math.max(atLow, atHigh),
        measured.samples());
  }
}
