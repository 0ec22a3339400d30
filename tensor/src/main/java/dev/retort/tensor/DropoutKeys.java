package dev.retort.tensor;

/// The random numbers of one pass in training: each dropout takes the next.
///
/// A pass has keys of its own so that passes on several threads draw the same numbers whichever is
/// first. For one thread.
public final class DropoutKeys {

  private final long seed;
  private long drawn;

  /// The keys that `seed` begins.
  public DropoutKeys(long seed) {
    this.seed = seed;
  }

  long next() {
    return Seed.derive(seed, drawn++);
  }
}
