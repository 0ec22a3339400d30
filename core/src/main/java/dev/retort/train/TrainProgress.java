package dev.retort.train;

/// Where a training run begins.
///
/// @param phase what is trained: `teacher`, `student`, `baseline`
/// @param step optimizer steps already made; above 0 for a resumed run
/// @param totalSteps optimizer steps of the whole run
public record TrainProgress(String phase, long step, long totalSteps) {}
