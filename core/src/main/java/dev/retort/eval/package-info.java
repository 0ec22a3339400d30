/// What a model is worth: quality, calibration, latency and cost with 95 % intervals, and the
/// verdict on each requirement of a recipe.
@NullMarked
package dev.retort.eval;

import org.jspecify.annotations.NullMarked;
