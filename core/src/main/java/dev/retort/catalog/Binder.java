package dev.retort.catalog;

import java.util.List;

/// Turns a recipe into a record. Every component is a setting; whatever is wrong is reported at
/// once, each problem with its path.
///
/// A component may be an `int`, `long`, `float`, `double`, `boolean`, [String], enum (in kebab
/// case), [java.nio.file.Path], another record, a type of a [Catalog] or of a sealed interface of
/// [Named] records (`{use: name, …}` or just `name`), a type with a `public static T parse(String)`
/// for single values, and an [java.util.Optional], [List] or [java.util.Map] of these.
public final class Binder {

  private final Shapes shapes;

  /// A binder for recipes that use the types of these catalogs.
  public Binder(Catalog<?>... catalogs) {
    this(List.of(catalogs));
  }

  /// A binder for recipes that use the types of these catalogs.
  public Binder(List<Catalog<?>> catalogs) {
    this.shapes = new Shapes(catalogs);
  }

  /// The record that the recipe describes; throws [RecipeException] with everything that is wrong.
  public <R extends Record> R bind(Class<R> type, Document recipe) {
    Binding binding = new Binding(shapes);
    var bound = binding.section(type, "", recipe.root());
    if (!binding.problems().isEmpty()) {
      throw new RecipeException(recipe.source(), binding.problems());
    }
    return type.cast(bound.orElseThrow());
  }
}
