package dev.retort.catalog;

/// What a recipe may hold in one place. Binder, writer, reference and schema all follow it, so that
/// they cannot disagree.
sealed interface Shape {

  /// A value of one of Java's own types.
  record Single(ScalarKind kind) implements Shape {}

  /// A constant of an enum, in kebab case.
  record Constant(Class<? extends Enum<?>> type) implements Shape {}

  /// A text that the type's own `parse` understands.
  record Parsed(ParseFactory factory) implements Shape {}

  /// Nothing, or an item.
  record Maybe(Shape item) implements Shape {}

  /// A list of items.
  record Many(Shape item) implements Shape {}

  /// Items by keys that the recipe chooses.
  record Keyed(Shape item) implements Shape {}

  /// The settings of one record type; or a text, if the type has a `parse`.
  record Section(Class<? extends Record> type) implements Shape {}

  /// One of the types of a catalog.
  record Choice(Catalog<?> catalog) implements Shape {}
}
