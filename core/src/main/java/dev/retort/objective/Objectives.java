package dev.retort.objective;

import dev.retort.catalog.Catalog;

/// Every objective a recipe can use, in alphabetical order.
public final class Objectives {

  /// The objectives by name.
  public static final Catalog<Objective> CATALOG =
      Catalog.of(
          "objective",
          Objective.class,
          AdaptiveKl.class,
          AttentionKl.class,
          AttentionMse.class,
          CrossEntropy.class,
          CrossTokenizer.class,
          DeepToShallow.class,
          DirectPreference.class,
          EmbeddingCosine.class,
          EmbeddingMse.class,
          ForwardKl.class,
          HiddenCosine.class,
          HiddenMse.class,
          Hinton.class,
          JensenShannon.class,
          LogitMse.class,
          MarginMse.class,
          MiniLmRelations.class,
          PatientKd.class,
          RelationalAngle.class,
          RelationalDistance.class,
          ReverseKl.class,
          SimilarityKl.class,
          SkewKl.class,
          SkewReverseKl.class,
          TotalVariation.class,
          UniversalLogit.class);

  private Objectives() {}
}
