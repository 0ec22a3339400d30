package dev.retort.recipe;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;

/// When to end training before its last epoch.
///
/// @param patience epochs without a better validation score after which training ends
public record EarlyStop(
    @Default("3") @Doc("Epochs without a better validation score after which training ends.")
        int patience) {

  public EarlyStop {
    Check.atLeast("patience", patience, 1);
  }
}
