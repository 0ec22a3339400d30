package dev.retort.catalog;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.RecordComponent;
import java.util.Optional;

/// One component of a record, as recipes see it.
///
/// @param name the key in the recipe
/// @param shape what the recipe may hold there
/// @param fallback the value if the recipe is silent, as written in a recipe
/// @param doc one sentence, or empty
/// @param inline whether its settings stand beside those of its record
record Setting(String name, Shape shape, Optional<String> fallback, String doc, boolean inline) {

  Setting {
    boolean nested = shape instanceof Shape.Section || shape instanceof Shape.Choice;
    if (inline && (!nested || fallback.isPresent())) {
      throw new IllegalStateException(
          "@Inline %s must be a record or a type of a catalog, without @Default".formatted(name));
    }
  }

  /// The setting behind a component.
  static Setting of(RecordComponent component, Shape shape) {
    return new Setting(
        component.getName(),
        shape,
        Optional.ofNullable(component.getAnnotation(Default.class)).map(Default::value),
        doc(component),
        component.isAnnotationPresent(Inline.class));
  }

  /// Whether a recipe has to say something here.
  boolean required() {
    return fallback.isEmpty() && !(shape instanceof Shape.Maybe);
  }

  /// The default as a node.
  Optional<Node> fallbackNode() {
    return fallback.map(
        text -> YamlReader.node("the default of " + name, text).movedTo(new Location.Nowhere()));
  }

  /// The [Doc] of a type or component, or empty.
  static String doc(AnnotatedElement element) {
    Doc doc = element.getAnnotation(Doc.class);
    return doc == null ? "" : doc.value();
  }
}
