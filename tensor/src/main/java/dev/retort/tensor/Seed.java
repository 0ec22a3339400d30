package dev.retort.tensor;

import org.bytedeco.pytorch.global.torch;

/// The seed of libtorch's random numbers: dropout and random initialisation.
///
/// The trainer sets it anew before every micro-batch from the run's seed and the position in the
/// run, so that a resumed run draws the same numbers without storing a generator's state.
public final class Seed {

  private Seed() {}

  /// Seeds the generators of all devices.
  public static void set(long seed) {
    torch.manual_seed(seed);
  }

  /// A seed for place `position` of the stream `seed`, well mixed (SplitMix64's finaliser).
  public static long derive(long seed, long position) {
    long z = seed + 0x9E3779B97F4A7C15L * (position + 1);
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
