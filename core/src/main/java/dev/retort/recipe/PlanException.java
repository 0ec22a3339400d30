package dev.retort.recipe;

import java.util.List;

/// A recipe that reads well but does not fit its teacher. The message lists every problem with its
/// place in the recipe.
public final class PlanException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /// A refusal for these reasons.
  public PlanException(List<String> problems) {
    super(String.join("\n", problems));
  }
}
