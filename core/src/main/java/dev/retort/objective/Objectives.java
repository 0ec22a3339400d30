package dev.retort.objective;

import dev.retort.catalog.Catalog;

/// Every objective a recipe can use, in alphabetical order.
public final class Objectives {

  /// The objectives by name.
  public static final Catalog<Objective> CATALOG =
      Catalog.of("objective", Objective.class, CrossEntropy.class, ForwardKl.class);

  private Objectives() {}
}
