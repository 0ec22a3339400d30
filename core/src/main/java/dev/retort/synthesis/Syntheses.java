package dev.retort.synthesis;

import dev.retort.catalog.Binder;
import dev.retort.catalog.Catalog;
import dev.retort.catalog.Overrides;
import dev.retort.catalog.ReferenceWriter;
import dev.retort.catalog.YamlReader;
import dev.retort.quality.Filter;
import java.nio.file.Path;
import java.util.List;

/// Reads synthesis files.
public final class Syntheses {

  private static final List<Catalog<?>> CATALOGS =
      List.of(
          Catalog.of(
              "step",
              Step.class,
              AnswerStep.class,
              RationaleStep.class,
              SelfInstructStep.class,
              AttributedStep.class,
              EvolveStep.class,
              ParaphraseStep.class,
              CritiqueStep.class,
              JudgeStep.class,
              PreferenceStep.class,
              FilterStep.class),
          Filter.CATALOG);

  private Syntheses() {}

  /// Reads the synthesis in `file` with `overrides` such as `steps[0].count=20` laid over it.
  ///
  /// @throws dev.retort.catalog.RecipeException with everything that is wrong with it
  public static Synthesis read(Path file, List<String> overrides) {
    return new Binder(CATALOGS)
        .bind(Synthesis.class, Overrides.apply(YamlReader.read(file), overrides));
  }

  /// The reference of all settings, as Markdown.
  public static String reference() {
    return ReferenceWriter.write("Synthesis reference", Synthesis.class, CATALOGS);
  }
}
