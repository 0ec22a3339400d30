package dev.retort.recipe;

import dev.retort.catalog.Catalog;
import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Named;

/// How the learning rate changes over a training run.
public sealed interface Schedule {

  /// The schedules by name.
  Catalog<Schedule> CATALOG =
      Catalog.of(
          "schedule",
          Schedule.class,
          Constant.class,
          Cosine.class,
          Linear.class,
          WarmupStableDecay.class);

  /// The factor of the learning rate for `step` (from 0) of `total`, in [0, 1].
  double factor(long step, long total);

  /// Linear warm-up, then 1.
  @Named("constant")
  @Doc("Warm-up, then the full learning rate.")
  record Constant(
      @Default("0.0") @Doc("Share of all steps over which the rate rises from 0.") double warmup)
      implements Schedule {
    public Constant {
      Check.within("warmup", warmup, 0, 1);
    }

    @Override
    public double factor(long step, long total) {
      return rise(step, total, warmup);
    }
  }

  /// Linear warm-up, then a straight line down to 0.
  @Named("linear")
  @Doc("Warm-up, then a straight line down to 0.")
  record Linear(
      @Default("0.1") @Doc("Share of all steps over which the rate rises from 0.") double warmup)
      implements Schedule {
    public Linear {
      Check.within("warmup", warmup, 0, 1);
    }

    @Override
    public double factor(long step, long total) {
      return Math.min(rise(step, total, warmup), 1 - progress(step, total, warmup));
    }
  }

  /// Linear warm-up, then half a cosine down to 0 (Loshchilov and Hutter 2017).
  @Named("cosine")
  @Doc("Warm-up, then half a cosine down to 0.")
  record Cosine(
      @Default("0.1") @Doc("Share of all steps over which the rate rises from 0.") double warmup)
      implements Schedule {
    public Cosine {
      Check.within("warmup", warmup, 0, 1);
    }

    @Override
    public double factor(long step, long total) {
      double down = (1 + Math.cos(Math.PI * progress(step, total, warmup))) / 2;
      return Math.min(rise(step, total, warmup), down);
    }
  }

  /// Warm-up, a plateau, and a straight line down to 0 at the end (Hu et al. 2024, WSD).
  @Named("wsd")
  @Doc("Warm-up, a plateau, and a straight line down to 0 at the end.")
  record WarmupStableDecay(
      @Default("0.1") @Doc("Share of all steps over which the rate rises from 0.") double warmup,
      @Default("0.2") @Doc("Share of all steps over which the rate falls to 0.") double decay)
      implements Schedule {
    public WarmupStableDecay {
      Check.within("warmup", warmup, 0, 1);
      Check.within("decay", decay, 0, 1 - warmup);
    }

    @Override
    public double factor(long step, long total) {
      return Math.min(rise(step, total, warmup), 1 - progress(step, total, 1 - decay));
    }
  }

  private static double rise(long step, long total, double warmup) {
    double steps = warmup * total;
    return steps < 1 ? 1 : Math.min(1, (step + 1) / steps);
  }

  /// How far `step` has come from the share `from` of the run to its end, in [0, 1).
  private static double progress(long step, long total, double from) {
    double start = from * total;
    return step <= start ? 0 : (step - start) / Math.max(1, total - start);
  }
}
