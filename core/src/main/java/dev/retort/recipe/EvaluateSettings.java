package dev.retort.recipe;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;

/// The `evaluate:` section of a recipe: how language models are measured by what they write.
///
/// @param prompts test prompts that are continued; 0 for none
/// @param maxTokens tokens of a completion at most
/// @param batch prompts that are continued at once
/// @param temperature of drawn tokens, in measurements of speed
/// @param topP share of the probability that they are drawn from
public record EvaluateSettings(
    @Default("64")
        @Doc(
            "Test prompts that all models continue: for exact match, ROUGE-L, speed, and to look"
                + " at. 0 leaves all of these out.")
        int prompts,
    @Default("128")
        @Doc("Tokens of a completion at most; never more than half of the model's positions.")
        int maxTokens,
    @Default("8") @Doc("Prompts that are continued at once.") int batch,
    @Default("0.8")
        @Doc("Temperature of drawn tokens. Only their speed is measured; texts are greedy.")
        double temperature,
    @Default("0.95")
        @Doc("Share of the probability that the likeliest tokens, from which is drawn, have.")
        double topP) {

  /// What is measured if nothing else is said.
  public static final EvaluateSettings USUAL = new EvaluateSettings(64, 128, 8, 0.8, 0.95);

  public EvaluateSettings {
    Check.atLeast("prompts", prompts, 0);
    Check.atLeast("maxTokens", maxTokens, 1);
    Check.atLeast("batch", batch, 1);
    Check.positive("temperature", temperature);
    Check.positive("topP", topP);
    Check.within("topP", topP, 0, 1);
  }
}
