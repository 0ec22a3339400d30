package dev.retort.eval;

import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A bar that the student must clear, such as `retention >= 0.97`.
public record Requirement(Metric metric, Bound bound, double limit) {

  private static final Pattern TEXT =
      Pattern.compile("\\s*(>=|<=)\\s*([0-9]*\\.?[0-9]+(?:[eE][+-]?[0-9]+)?)\\s*(%?)\\s*");

  public Requirement {
    if (bound != metric.bound()) {
      throw new IllegalArgumentException(
          "'%s' is not a bound for %s, where %s is better; write '%s %s'"
              .formatted(
                  bound.recipeSymbol(),
                  metric,
                  metric.higherIsBetter() ? "more" : "less",
                  metric.bound().recipeSymbol(),
                  limit));
    }
    if (!(limit >= 0 && limit <= metric.unit().largestLimit())) {
      throw new IllegalArgumentException(outOfRange(metric, limit));
    }
  }

  /// The requirement that a recipe writes as `metric: text`, such as `retention: ">= 0.97"` or
  /// `retention: ">= 97%"`.
  ///
  /// @throws IllegalArgumentException saying what was found and what is allowed, without the place
  ///   in the recipe, which the caller knows
  public static Requirement parse(String metric, String text) {
    Metric known =
        Metric.ofRecipeName(metric)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "'%s' is not one of %s".formatted(metric, Arrays.toString(Metric.values()))));
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches() || (!matcher.group(3).isEmpty() && !known.unit().isPercentage())) {
      throw new IllegalArgumentException(
          "'%s' is not a requirement on %s; write '%s' and a number%s"
              .formatted(
                  text,
                  known,
                  known.bound().recipeSymbol(),
                  known.unit().isPercentage() ? ", such as '>= 0.97' or '>= 97%'" : ""));
    }
    double number = Double.parseDouble(matcher.group(2));
    Bound bound = matcher.group(1).equals(">=") ? Bound.AT_LEAST : Bound.AT_MOST;
    return new Requirement(known, bound, matcher.group(3).isEmpty() ? number : number / 100);
  }

  /// Judges a measurement by its whole interval, so that luck neither passes nor fails a student.
  public Verdict judge(Measured measured) {
    boolean lowClears = bound.allows(measured.low(), limit);
    boolean highClears = bound.allows(measured.high(), limit);
    if (lowClears && highClears) {
      return new Verdict.Met(this, measured);
    }
    return lowClears || highClears
        ? Verdict.Unproven.tooClose(this, measured)
        : new Verdict.Missed(this, measured);
  }

  /// Judges the requirement's metric among `measurements`; a metric that is not there is unproven.
  public Verdict judge(Map<Metric, Measured> measurements) {
    Measured measured = measurements.get(metric);
    return measured == null
        ? Verdict.Unproven.notMeasured(this, metric.label() + " was not measured in this run")
        : judge(measured);
  }

  private static String outOfRange(Metric metric, double limit) {
    return metric.unit().isPercentage()
        ? "%s is a fraction, so its limit lies between 0 and %.0f, but is %s; 97 %% is 0.97"
            .formatted(metric, metric.unit().largestLimit(), limit)
        : "the limit of %s must be a finite number, 0 or more, but is %s".formatted(metric, limit);
  }
}
