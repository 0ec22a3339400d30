package dev.retort.recipe;

import dev.retort.catalog.Catalog;
import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Named;

/// Whom an objective compares the student with.
public sealed interface Source {

  /// The sources by name.
  Catalog<Source> CATALOG =
      Catalog.of("source", Source.class, Teacher.class, Ema.class, Start.class, Dropout.class);

  /// The recipe's teacher.
  @Named("teacher")
  @Doc("The recipe's teacher.")
  record Teacher() implements Source {}

  /// The exponential moving average of the student's own weights, a "mean teacher" (Tarvainen and
  /// Valpola 2017, arXiv 1703.01780):
  ///
  /// ```
  /// θ' ← d · θ' + (1 − d) · θ      d = min(decay, 1 − 1/(step + 1)),  steps counted from 1
  /// ```
  ///
  /// It begins equal to the student, moves after every optimizer step, and is asked about the
  /// student's own batch without dropout and without gradient. The lesser decay of the first steps
  /// lets it forget what the student began with.
  ///
  /// @param decay d, below 1
  @Named("ema")
  @Doc(
      "The exponential moving average of the student's own weights, asked without dropout (Tarvainen"
          + " and Valpola 2017).")
  record Ema(
      @Default("0.999") @Doc("Share of itself that the average keeps at every step, in [0, 1).")
          double decay)
      implements Source {

    public Ema {
      Check.within("decay", decay, 0, 1 - 1e-9);
    }

    /// What the average keeps of itself after optimizer step `step`, counted from 1.
    public double decayAt(long step) {
      return Math.min(decay, 1 - 1.0 / (step + 1));
    }
  }

  /// The student as it was before the stage's first step, asked without dropout: what a student
  /// that learns something new should not leave further than it must.
  @Named("start")
  @Doc("The student as it was when the stage began, asked without dropout.")
  record Start() implements Source {}

  /// The student itself under another dropout ("R-Drop", Liang et al. 2021, arXiv 2106.14448):
  /// every batch is run twice at once, and each run's answers are what the other one is compared
  /// with, without gradient. Forward and reverse KL of half the weight each have the gradients of
  /// R-Drop's symmetric loss. A step costs twice as much.
  @Named("dropout")
  @Doc(
      "The student itself under another dropout; every batch is run twice (R-Drop, Liang et al."
          + " 2021).")
  record Dropout() implements Source {}
}
