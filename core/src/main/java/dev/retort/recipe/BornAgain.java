package dev.retort.recipe;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;

/// Further generations of a teacher (Furlanello et al. 2018, *Born-Again Neural Networks*, arXiv
/// 1805.04770): each is a new model of the same kind, trained from the pre-trained weights on what
/// the generation before it says and on the labels. The last one teaches the student.
///
/// @param generations how many there are after the one that learnt from labels alone
/// @param temperature of the soft targets
/// @param weight of the soft targets; the labels have the rest
public record BornAgain(
    @Default("1") @Doc("How many generations follow the one that learns from labels alone.")
        int generations,
    @Default("2.0") @Doc("Temperature of the soft targets.") double temperature,
    @Default("0.5") @Doc("Weight of the soft targets, to 1; the labels have the rest.")
        double weight) {

  public BornAgain {
    Check.atLeast("generations", generations, 1);
    Check.positive("temperature", temperature);
    Check.within("weight", weight, 0, 1);
  }
}
