package dev.retort.run;

import java.time.Instant;

/// What a run works with, whatever its task.
///
/// @param runner trains
/// @param clock how long everything takes
/// @param started when the run began
record RunTools(PhaseRunner runner, Clock clock, Instant started) {}
