package dev.retort.eval;

/// How well one class is told from the others; `support` is the number of test rows with this
/// label.
///
/// Precision is 0 when the class is never predicted, recall 0 when it has no row, F1 0 when both
/// are 0.
public record ClassScore(String name, double precision, double recall, double f1, int support) {}
