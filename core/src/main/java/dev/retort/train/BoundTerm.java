package dev.retort.train;

import dev.retort.data.Target;
import dev.retort.objective.BoundObjective;
import dev.retort.recipe.Source;
import java.util.Optional;

/// An objective of a run, matched with its two models.
///
/// @param name its name in the recipe
/// @param objective the loss
/// @param weight what its mean is multiplied by
/// @param from whom the student is compared with
/// @param rampUp share of all steps over which the weight rises
/// @param target what the tokens say that are counted; all are, if empty
public record BoundTerm(
    String name,
    BoundObjective objective,
    double weight,
    Source from,
    double rampUp,
    Optional<Target> target) {

  /// How steeply a weight rises.
  private static final double STEEPNESS = 5;

  /// A term that counts all tokens.
  public BoundTerm(
      String name, BoundObjective objective, double weight, Source from, double rampUp) {
    this(name, objective, weight, from, rampUp, Optional.empty());
  }

  /// A term that compares with the teacher, under its full weight from the first step.
  public BoundTerm(String name, BoundObjective objective, double weight) {
    this(name, objective, weight, new Source.Teacher(), 0);
  }

  /// The weight after the share `progress` of all steps, in [0, 1]:
  ///
  /// ```
  /// weight · exp(−5 · (1 − x)²)      x = min(1, progress / rampUp)
  /// ```
  ///
  /// (Laine and Aila 2017, arXiv 1610.02242): what a student would be told by itself is worth
  /// little before it knows something.
  double weightAt(double progress) {
    double left = rampUp == 0 ? 0 : 1 - Math.min(1, progress / rampUp);
    return weight * Math.exp(-STEEPNESS * left * left);
  }

  /// The same term under another name.
  BoundTerm named(String other) {
    return new BoundTerm(other, objective, weight, from, rampUp, target);
  }

  /// The same term with tensors that gather gradients of their own.
  BoundTerm twin() {
    return new BoundTerm(name, objective.twin(), weight, from, rampUp, target);
  }
}
