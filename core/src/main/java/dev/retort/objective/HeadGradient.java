package dev.retort.objective;

import dev.retort.tensor.Tensor;
import java.util.List;

/// What the losses behind a head add up to.
///
/// @param sums each term's loss added up over the rows, before its scale
/// @param hiddenND the gradient of all terms, each times its scale, by the hidden states, `[N, D]`
public record HeadGradient(List<Double> sums, Tensor hiddenND) {}
