package dev.retort.recipe;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.model.Precision;
import java.util.Optional;

/// The `train:` section of a recipe.
///
/// @param epochs passes over the training data
/// @param batchTokens padded tokens of one micro-batch at most
/// @param accumulate micro-batches of one optimizer step
/// @param learningRate peak learning rate
/// @param headRate the head's learning rate over that of the encoder
/// @param schedule how the learning rate changes
/// @param weightDecay decoupled weight decay of matrices
/// @param clip joint norm that gradients are clipped to
/// @param precision number format of matrix products
/// @param seed of shuffling, dropout and initialisation
/// @param earlyStop when to end before the last epoch
/// @param keep which epoch's weights are the result
/// @param checkpointEvery optimizer steps between checkpoints
/// @param mixup how texts are mixed, if they are
/// @param onPolicy how much the student learns from what it writes itself, if it does
/// @param gradientCheckpointing whether layers are computed again for their gradient
public record TrainSettings(
    @Default("10") @Doc("Passes over the training data.") int epochs,
    @Default("4096") @Doc("Padded tokens of one micro-batch at most.") int batchTokens,
    @Default("1") @Doc("Micro-batches of one optimizer step.") int accumulate,
    @Default("3e-4") @Doc("Peak learning rate of AdamW.") double learningRate,
    @Default("1.0") @Doc("How many times the learning rate the classification head learns at.")
        double headRate,
    @Default("linear") @Doc("How the learning rate changes over the run.") Schedule schedule,
    @Default("0.01") @Doc("Decoupled weight decay of matrices; biases and norms have none.")
        double weightDecay,
    @Default("1.0") @Doc("Joint norm that gradients are clipped to.") double clip,
    @Default("bf16") @Doc("Number format of matrix products; weights stay in 32 bits.")
        Precision precision,
    @Default("7") @Doc("Seed of shuffling, dropout and initialisation.") long seed,
    @Doc("When to end before the last epoch; never, if left out.") Optional<EarlyStop> earlyStop,
    @Default("best")
        @Doc(
            "Whether the weights after the `best` epoch on the validation data are kept, or the `last`.")
        Keep keep,
    @Default("500") @Doc("Optimizer steps between checkpoints; one follows every epoch too.")
        int checkpointEvery,
    @Doc("Mixes texts in pairs, each time anew; they are left as they are, if left out.")
        Optional<Mixup> mixup,
    @Doc("Steps that learn from what the student itself writes; none, if left out.")
        Optional<OnPolicy> onPolicy,
    @Default("false")
        @Doc(
            "Task generation: whether layers are computed once more for their gradient instead of"
                + " being kept, which saves memory and takes about a third more time.")
        boolean gradientCheckpointing) {

  public TrainSettings {
    Check.atLeast("epochs", epochs, 1);
    Check.atLeast("batchTokens", batchTokens, 1);
    Check.atLeast("accumulate", accumulate, 1);
    Check.positive("learningRate", learningRate);
    Check.positive("headRate", headRate);
    Check.atLeast("weightDecay", weightDecay, 0);
    Check.positive("clip", clip);
    Check.atLeast("checkpointEvery", checkpointEvery, 1);
  }

  /// Settings that leave texts as they are, all of which are the data's.
  public TrainSettings(
      int epochs,
      int batchTokens,
      int accumulate,
      double learningRate,
      double headRate,
      Schedule schedule,
      double weightDecay,
      double clip,
      Precision precision,
      long seed,
      Optional<EarlyStop> earlyStop,
      Keep keep,
      int checkpointEvery) {
    this(
        epochs,
        batchTokens,
        accumulate,
        learningRate,
        headRate,
        schedule,
        weightDecay,
        clip,
        precision,
        seed,
        earlyStop,
        keep,
        checkpointEvery,
        Optional.empty(),
        Optional.empty(),
        false);
  }

  /// The same settings under another seed.
  public TrainSettings withSeed(long other) {
    return with(epochs, other);
  }

  /// The same settings for another number of epochs.
  public TrainSettings withEpochs(int other) {
    return with(other, seed);
  }

  /// Whether no text is left as it is.
  public boolean mixesAll() {
    return mixup.map(Mixup::share).orElse(0.0) == 1;
  }

  private TrainSettings with(int otherEpochs, long otherSeed) {
    return new TrainSettings(
        otherEpochs,
        batchTokens,
        accumulate,
        learningRate,
        headRate,
        schedule,
        weightDecay,
        clip,
        precision,
        otherSeed,
        earlyStop,
        keep,
        checkpointEvery,
        mixup,
        onPolicy,
        gradientCheckpointing);
  }
}
