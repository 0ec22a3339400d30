package dev.retort.recipe;

import dev.retort.catalog.Binder;
import dev.retort.catalog.Catalog;
import dev.retort.catalog.JsonSchema;
import dev.retort.catalog.Overrides;
import dev.retort.catalog.ReferenceWriter;
import dev.retort.catalog.YamlReader;
import dev.retort.catalog.YamlWriter;
import dev.retort.objective.Objectives;
import java.nio.file.Path;
import java.util.List;

/// Reads and writes recipe files.
public final class Recipes {

  private static final List<Catalog<?>> CATALOGS =
      List.of(Objectives.CATALOG, Schedule.CATALOG, Source.CATALOG);

  private Recipes() {}

  /// Reads the recipe in `file` with `overrides` such as `train.epochs=3` laid over it.
  ///
  /// @throws dev.retort.catalog.RecipeException with everything that is wrong with it
  public static Recipe read(Path file, List<String> overrides) {
    return new Binder(CATALOGS)
        .bind(Recipe.class, StageDefaults.apply(Overrides.apply(YamlReader.read(file), overrides)));
  }

  /// The recipe as YAML with every default filled in; reads back to an equal recipe.
  public static String write(Recipe recipe) {
    return new YamlWriter(CATALOGS).write(recipe);
  }

  /// The reference of all settings, as Markdown.
  public static String reference() {
    return ReferenceWriter.write("Recipe reference", Recipe.class, CATALOGS);
  }

  /// The JSON Schema of a recipe.
  public static String schema() {
    return JsonSchema.of(Recipe.class, CATALOGS);
  }
}
