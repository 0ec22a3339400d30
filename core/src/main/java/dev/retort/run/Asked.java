package dev.retort.run;

import dev.retort.eval.Evaluation;
import dev.retort.eval.Predictions;

/// A model that was asked about the test data.
///
/// @param evaluation what was measured of it
/// @param predictions what it said
record Asked(Evaluation evaluation, Predictions predictions) {}
