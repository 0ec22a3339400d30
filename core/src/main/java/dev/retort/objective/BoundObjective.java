package dev.retort.objective;

/// An objective that knows the two models it compares.
public sealed interface BoundObjective permits RowObjective, BoundFeature, BoundEmbedding {}
