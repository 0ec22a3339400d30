package dev.retort.teacher;

import dev.retort.catalog.Check;
import dev.retort.data.Batch;

/// One of several teachers, and what is known of it.
///
/// @param <B> what it is asked about
/// @param teacher who it is
/// @param weight how much the recipe lets it count, above 0
/// @param quality its accuracy on the validation data, from 0 to 1
public record Member<B extends Batch>(Teacher<B> teacher, double weight, double quality) {

  public Member {
    Check.positive("weight", weight);
    Check.within("quality", quality, 0, 1);
  }
}
