package dev.retort.recipe;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import java.util.Optional;

/// The `onPolicy:` of training: in some of the steps the student continues the prompts itself, and
/// learns what its teacher says about that (GKD, Agarwal et al. 2024, arXiv 2306.13649).
///
/// @param share of the steps after the warm-up, λ
/// @param maxTokens that the student adds to a prompt at most
/// @param temperature of its draws
/// @param topP share of the probability that the likeliest tokens must have to be drawn from
/// @param warmUp share of all steps that come first and learn from the data
/// @param promptTokens how much of a text without a prompt is taken for one
/// @param replay how texts of earlier steps are learnt from again, if they are
public record OnPolicy(
    @Default("0.5")
        @Doc(
            "Share of the steps after the warm-up whose completions the student writes itself; the"
                + " others learn from the data. GKD's λ.")
        double share,
    @Default("128") @Doc("Tokens that the student adds to a prompt at most.") int maxTokens,
    @Default("1.0")
        @Doc("Temperature of what is drawn, above 0; losses have temperatures of their own.")
        double temperature,
    @Default("1.0")
        @Doc(
            "Share of the probability, in (0, 1], that the likeliest tokens must have together to be"
                + " drawn from; 1 draws from all, which the losses take for granted.")
        double topP,
    @Default("0.0")
        @Doc("Share of all steps that come first and learn from the data alone, in [0, 1).")
        double warmUp,
    @Doc("How many first tokens of a text are its prompt, where the data have no prompts.")
        Optional<Integer> promptTokens,
    @Doc("Learns again from what was written in earlier steps; never, if left out.")
        Optional<Replay> replay) {

  /// The `replay:` of on-policy training (DistiLLM, Ko et al. 2024, arXiv 2402.03898).
  ///
  /// @param share of the on-policy steps that write nothing
  /// @param capacity how many of the latest texts are remembered
  public record Replay(
      @Default("0.5")
          @Doc(
              "Share of the on-policy steps that draw from the texts of earlier steps instead of"
                  + " writing new ones, in [0, 1).")
          double share,
      @Default("1000") @Doc("How many texts are remembered, the latest ones.") int capacity) {

    public Replay {
      Check.within("share", share, 0, 1);
      Check.that(share < 1, "share", "must be < 1 but is 1: nothing would ever be written");
      Check.atLeast("capacity", capacity, 1);
    }
  }

  public OnPolicy {
    Check.within("share", share, 0, 1);
    Check.atLeast("maxTokens", maxTokens, 1);
    Check.positive("temperature", temperature);
    Check.positive("topP", topP);
    Check.within("topP", topP, 0, 1);
    Check.within("warmUp", warmUp, 0, 1);
    Check.that(warmUp < 1, "warmUp", "must be < 1 but is 1: no step would be left");
    promptTokens.ifPresent(count -> Check.atLeast("promptTokens", count, 1));
  }
}
