package dev.retort.train;

import dev.retort.objective.BoundObjective;

/// An objective of a run, matched with its two models.
///
/// @param name its name in the recipe
/// @param objective the loss
/// @param weight what its mean is multiplied by
public record BoundTerm(String name, BoundObjective objective, double weight) {}
