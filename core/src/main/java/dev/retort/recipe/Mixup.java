package dev.retort.recipe;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.model.Mix;
import java.util.Optional;
import java.util.Random;

/// The `mixup:` of training: texts are mixed in pairs, after their tokens have become vectors
/// (Zhang et al. 2018; Liang et al. 2020, *MixKD*).
///
/// @param alpha of the distribution Beta(α, α) that the share of the first text is from
/// @param share of the batches that are mixed
public record Mixup(
    @Default("0.4")
        @Doc(
            "The α of Beta(α, α), which the share of the first of two texts is drawn from: at 1 all"
                + " shares are equally likely, below it most are near 0 or 1.")
        double alpha,
    @Default("1.0") @Doc("Share of the batches that are mixed; the others stay as they are.")
        double share) {

  public Mixup {
    Check.within("alpha", alpha, 0.05, 4);
    Check.positive("share", share);
    Check.within("share", share, 0, 1);
  }

  /// How `rows` rows of a batch are mixed, if they are. The same `seed` always gives the same.
  public Optional<Mix> draw(int rows, long seed) {
    Random random = new Random(seed); // specified to the bit, as other generators are not
    return random.nextDouble() < share
        ? Optional.of(Mix.draw(rows, alpha, random))
        : Optional.empty();
  }
}
