package dev.retort.catalog;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks a component whose settings stand beside the settings of its record instead of below a key
/// of their own: `{use: forward-kl, temperature: 4, weight: 0.7}` is a record of a weight and an
/// inline objective.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Inline {}
