package dev.retort.ledger;

import java.math.BigDecimal;
import java.math.RoundingMode;

/// An amount of money, exact to a billionth of a dollar, so that sums over millions of answers are
/// exact too.
///
/// @param nanos billionths of a dollar
public record Dollars(long nanos) implements Comparable<Dollars> {

  /// Nothing.
  public static final Dollars ZERO = new Dollars(0);

  private static final int NANO_DIGITS = 9;

  /// An amount of dollars; what is below a billionth is rounded up, so that no sum is too small.
  public static Dollars of(BigDecimal dollars) {
    return new Dollars(
        dollars.movePointRight(NANO_DIGITS).setScale(0, RoundingMode.CEILING).longValueExact());
  }

  /// An amount as people write it, such as `5.00`.
  public static Dollars of(String dollars) {
    return of(new BigDecimal(dollars));
  }

  /// Both together.
  public Dollars plus(Dollars other) {
    return new Dollars(Math.addExact(nanos, other.nanos));
  }

  /// This without the other; may be negative.
  public Dollars minus(Dollars other) {
    return new Dollars(Math.subtractExact(nanos, other.nanos));
  }

  /// Whether it is above the other.
  public boolean exceeds(Dollars other) {
    return nanos > other.nanos;
  }

  /// The amount in dollars.
  public BigDecimal amount() {
    return BigDecimal.valueOf(nanos, NANO_DIGITS);
  }

  @Override
  public int compareTo(Dollars other) {
    return Long.compare(nanos, other.nanos);
  }

  /// As people read it: `$12.35` from a dollar on, below that with three significant digits, as in
  /// `$0.00123`.
  @Override
  public String toString() {
    BigDecimal amount = amount();
    BigDecimal size = amount.abs();
    if (size.signum() == 0 || size.compareTo(BigDecimal.ONE) >= 0) {
      return "$" + amount.setScale(2, RoundingMode.HALF_UP).toPlainString();
    }
    int leadingZeros = size.scale() - size.precision();
    int digits = Math.clamp(leadingZeros + 3L, 2, NANO_DIGITS);
    return "$" + amount.setScale(digits, RoundingMode.HALF_UP).toPlainString();
  }
}
