package dev.retort.model;

import dev.retort.tensor.DropoutKeys;
import dev.retort.tensor.Tensor;
import java.util.Optional;

/// How a forward pass is run.
///
/// @param precision number format of matrix products
/// @param dropout the random numbers of dropout; none outside training
/// @param capture whether hidden states and attention scores of all layers are handed out
/// @param observer who sees what every part reads
/// @param mix which rows are mixed, where what is read has become numbers
/// @param checkpointed whether a decoder's layers keep what they read alone, to be computed again
///   in the backward pass
public record ForwardMode(
    Precision precision,
    Optional<DropoutKeys> dropout,
    boolean capture,
    Optional<Observer> observer,
    Optional<Mix> mix,
    boolean checkpointed) {

  /// Plain inference in 32 bits.
  public static final ForwardMode EVALUATE = evaluate(Precision.FP32);

  /// Inference in `precision`.
  public static ForwardMode evaluate(Precision precision) {
    return new ForwardMode(
        precision, Optional.empty(), false, Optional.empty(), Optional.empty(), false);
  }

  /// Training in `precision`, with the dropout that `seed` decides.
  public static ForwardMode train(Precision precision, long seed) {
    return new ForwardMode(
        precision,
        Optional.of(new DropoutKeys(seed)),
        false,
        Optional.empty(),
        Optional.empty(),
        false);
  }

  /// The same, handing out what every layer computed.
  public ForwardMode capturing() {
    return new ForwardMode(precision, dropout, true, observer, mix, checkpointed);
  }

  /// The same, with `who` seeing what every part of the model reads.
  public ForwardMode observedBy(Observer who) {
    return new ForwardMode(precision, dropout, capture, Optional.of(who), mix, checkpointed);
  }

  /// The same, with rows mixed as `some` says, if it is there.
  public ForwardMode mixing(Optional<Mix> some) {
    return new ForwardMode(precision, dropout, capture, observer, some, checkpointed);
  }

  /// The same, with layers kept or, if `again`, computed once more for their gradient.
  public ForwardMode checkpointing(boolean again) {
    return new ForwardMode(precision, dropout, capture, observer, mix, again);
  }

  /// `x` `[B, …]` with its rows mixed, if they are to be.
  public Tensor mixed(Tensor x) {
    return mix.map(rows -> rows.of(x)).orElse(x);
  }

  /// `input`, after the observer has seen that `module` reads it.
  public Tensor observed(String module, Tensor input) {
    observer.ifPresent(who -> who.reads(module, input));
    return input;
  }
}
