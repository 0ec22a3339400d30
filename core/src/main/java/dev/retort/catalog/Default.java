package dev.retort.catalog;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The value that a record component takes when the recipe leaves the setting out.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Default {
  /// The value as it would be written in a recipe, such as `3e-4`, `[]` or `{use: cosine}`.
  String value();
}
