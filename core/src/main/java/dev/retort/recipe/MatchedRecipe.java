package dev.retort.recipe;

/// A recipe that has been matched with its models, and found to fit, before any weights are read.
public sealed interface MatchedRecipe permits Plan, GenerationPlan, PromptsPlan {

  /// What was asked for.
  Recipe recipe();
}
