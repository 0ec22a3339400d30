package dev.retort.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// One way to write the settings of a place, with everything inline spelled out.
///
/// @param use the name under `use`, if the place has one
/// @param settings all settings that may stand beside it
record Variant(Optional<String> use, List<Setting> settings) {

  /// The ways to write a record: one, or one for each type of its inline catalog.
  static List<Variant> of(Class<? extends Record> type, Shapes shapes) {
    List<Variant> variants = List.of(new Variant(Optional.empty(), List.of()));
    for (Setting setting : shapes.settings(type)) {
      List<Variant> more = inside(setting, shapes);
      variants = variants.stream().flatMap(left -> more.stream().map(left::and)).toList();
    }
    return variants;
  }

  /// The ways to write a type of a catalog.
  static List<Variant> of(Catalog<?> catalog, Shapes shapes) {
    return catalog.recordTypes().entrySet().stream()
        .flatMap(entry ->
            of(entry.getValue(), shapes).stream()
                .map(variant -> new Variant(Optional.of(entry.getKey()), variant.settings)))
        .toList();
  }

  private static List<Variant> inside(Setting setting, Shapes shapes) {
    return setting.inline()
        ? switch (setting.shape()) {
          case Shape.Section(var type) -> of(type, shapes);
          case Shape.Choice(Catalog<?> catalog) -> of(catalog, shapes);
          default -> throw new IllegalStateException(setting.name() + " cannot be inline");
        }
        : List.of(new Variant(Optional.empty(), List.of(setting)));
  }

  private Variant and(Variant other) {
    List<Setting> both = new ArrayList<>(settings);
    for (Setting setting : other.settings) {
      if (both.stream().anyMatch(present -> present.name().equals(setting.name()))) {
        throw new IllegalStateException(
            "two components named '%s' meet in one place of the recipe because of @Inline"
                .formatted(setting.name()));
      }
      both.add(setting);
    }
    return new Variant(use.or(other::use), both);
  }

  /// Whether the name alone says everything.
  boolean isNameEnough() {
    return use.isPresent() && settings.stream().noneMatch(Setting::required);
  }

  /// The keys a recipe may use.
  Stream<String> keys() {
    return Stream.concat(use.stream().map(_ -> Shapes.USE), settings.stream().map(Setting::name));
  }
}
