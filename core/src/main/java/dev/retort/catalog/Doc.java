package dev.retort.catalog;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// One sentence that tells the user of a recipe what a setting or a type means. It ends up in the
/// reference documentation, in the JSON Schema and in messages about missing settings.
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.TYPE})
public @interface Doc {
  /// The sentence, in Markdown.
  String value();
}
