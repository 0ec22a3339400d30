package dev.retort.tensor;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Adam with decoupled weight decay (Loshchilov and Hutter 2019), through libtorch's fused
/// operator: one pass over parameter, gradient and both moments.
///
/// ```
/// m ← β₁m + (1 − β₁)g        v ← β₂v + (1 − β₂)g²
/// θ ← θ − η·λ·θ − η·m̂ / (√v̂ + ε)      with m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ)
/// ```
public final class AdamW implements AutoCloseable {

  /// The constants of one group of parameters.
  ///
  /// @param beta1 decay of the first moment
  /// @param beta2 decay of the second moment
  /// @param epsilon guard of the division
  /// @param weightDecay λ, as a share of the learning rate
  public record Settings(double beta1, double beta2, double epsilon, double weightDecay) {

    /// The usual constants with this weight decay.
    public static Settings withWeightDecay(double weightDecay) {
      return new Settings(0.9, 0.999, 1e-8, weightDecay);
    }
  }

  private record State(Tensor parameter, Tensor firstMoment, Tensor secondMoment, Tensor step) {}

  private final SequencedMap<String, State> states = new LinkedHashMap<>();
  private final Settings settings;

  /// An optimizer of named parameters; the names are those of [#state].
  public AdamW(SequencedMap<String, Tensor> parameters, Settings settings) {
    this.settings = settings;
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      parameters.forEach((name, parameter) -> states.put(name, fresh(parameter)));
    }
  }

  private static State fresh(Tensor parameter) {
    return new State(
        parameter,
        Tensors.zerosLike(parameter.detach()).keep(),
        Tensors.zerosLike(parameter.detach()).keep(),
        Tensors.scalar(0).keep());
  }

  /// Moves every parameter that has a gradient by one step of size `learningRate`.
  public void step(double learningRate) {
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      List<State> moving =
          states.values().stream().filter(state -> state.parameter().hasGrad()).toList();
      if (!moving.isEmpty()) {
        moving.forEach(state -> state.step().addInPlace(Tensors.scalar(1)));
        FusedAdamW.apply(
            new FusedAdamW.Group(
                moving.stream().map(State::parameter).toList(),
                moving.stream().map(state -> state.parameter().grad()).toList(),
                moving.stream().map(State::firstMoment).toList(),
                moving.stream().map(State::secondMoment).toList(),
                moving.stream().map(State::step).toList()),
            learningRate,
            settings);
      }
    }
  }

  /// The state that a checkpoint must hold: `NAME.firstMoment`, `NAME.secondMoment`, `NAME.step`.
  public SequencedMap<String, Tensor> state() {
    SequencedMap<String, Tensor> all = new LinkedHashMap<>();
    states.forEach((name, state) -> {
      all.put(name + ".firstMoment", state.firstMoment());
      all.put(name + ".secondMoment", state.secondMoment());
      all.put(name + ".step", state.step());
    });
    return all;
  }

  @Override
  public void close() {
    state().values().forEach(Tensor::close);
  }
}
