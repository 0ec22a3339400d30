package dev.retort.eval;

/// What one step of a metric's number means.
public enum Unit {
  /// A part of a whole, from 0 to 1; people read it in per cent.
  SHARE(1),
  /// A quotient of two like quantities, 1 when they are equal; people read it in per cent.
  RATIO(2),
  /// A number without a unit.
  NUMBER(Double.MAX_VALUE),
  MILLISECONDS(Double.MAX_VALUE),
  TEXTS_PER_SECOND(Double.MAX_VALUE),
  TOKENS_PER_SECOND(Double.MAX_VALUE),
  /// Millions of bytes (10⁶, not 2²⁰).
  MEGABYTES(Double.MAX_VALUE),
  COUNT(Double.MAX_VALUE),
  /// Money, in the currency of the recipe's prices.
  PRICE(Double.MAX_VALUE);

  private final double largestLimit;

  Unit(double largestLimit) {
    this.largestLimit = largestLimit;
  }

  /// The largest limit that a requirement in this unit can sensibly set; anything above is a slip,
  /// such as 97 where 0.97 was meant.
  public double largestLimit() {
    return largestLimit;
  }

  /// Whether people read the number in per cent.
  public boolean isPercentage() {
    return this == SHARE || this == RATIO;
  }
}
