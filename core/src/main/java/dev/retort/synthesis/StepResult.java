package dev.retort.synthesis;

import dev.retort.quality.Sifted;

/// What came of a step, or of one of its filters.
///
/// @param step its place and name, such as `steps[1] judge`
/// @param given rows that it was given
/// @param sifted rows that it made or kept, and those that it dropped
public record StepResult(String step, int given, Sifted sifted) {}
