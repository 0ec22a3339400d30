package dev.retort.chat.jinja;

import dev.retort.chat.jinja.Value.Bool;
import dev.retort.chat.jinja.Value.Int;
import dev.retort.chat.jinja.Value.Numeric;
import dev.retort.chat.jinja.Value.Real;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/// Python's arithmetic: integers of any size, floor division, remainders with the divisor's sign.
final class Numbers {
  private static final int LARGEST_EXPONENT = 4096;

  private Numbers() {}

  /// Whether two numbers are equal by value; false if one is none.
  static boolean equal(Numeric left, @Nullable Object right) {
    return right instanceof Numeric other && compare(left, other) == 0 && !unordered(left, other);
  }

  /// Whether one of them is NaN, which has no place among numbers.
  static boolean unordered(Numeric left, Numeric right) {
    return Double.isNaN(left.real()) || Double.isNaN(right.real());
  }

  static int compare(Numeric left, Numeric right) {
    if (isFinite(left) && isFinite(right)) {
      return decimal(left).compareTo(decimal(right));
    }
    return Double.compare(left.real(), right.real());
  }

  static Value add(Numeric left, Numeric right) {
    return bothWhole(left, right)
        ? new Int(whole(left).add(whole(right)))
        : new Real(left.real() + right.real());
  }

  static Value subtract(Numeric left, Numeric right) {
    return bothWhole(left, right)
        ? new Int(whole(left).subtract(whole(right)))
        : new Real(left.real() - right.real());
  }

  static Value multiply(Numeric left, Numeric right) {
    return bothWhole(left, right)
        ? new Int(whole(left).multiply(whole(right)))
        : new Real(left.real() * right.real());
  }

  static Value divide(Numeric left, Numeric right) {
    if (right.real() == 0) {
      throw Failure.evaluation(
          bothWhole(left, right) ? "division by zero" : "float division by zero");
    }
    return new Real(left.real() / right.real());
  }

  static Value floorDivide(Numeric left, Numeric right) {
    if (bothWhole(left, right)) {
      return new Int(
          floorDivide(whole(left), nonZero(right, "integer division or modulo by zero")));
    }
    if (right.real() == 0) {
      throw Failure.evaluation("float floor division by zero");
    }
    return new Real(Math.floor(left.real() / right.real()));
  }

  static Value modulo(Numeric left, Numeric right) {
    if (bothWhole(left, right)) {
      BigInteger divisor = nonZero(right, "integer modulo by zero");
      BigInteger quotient = floorDivide(whole(left), divisor);
      return new Int(whole(left).subtract(quotient.multiply(divisor)));
    }
    if (right.real() == 0) {
      throw Failure.evaluation("float modulo");
    }
    double remainder = left.real() % right.real();
    boolean otherSign = remainder != 0 && remainder < 0 != right.real() < 0;
    return new Real(otherSign ? remainder + right.real() : remainder);
  }

  static Value power(Numeric base, Numeric exponent) {
    if (bothWhole(base, exponent) && whole(exponent).signum() >= 0) {
      if (whole(exponent).bitLength() > 31 || index(exponent) > LARGEST_EXPONENT) {
        throw Failure.unsupported("an exponent above %d", LARGEST_EXPONENT);
      }
      return new Int(whole(base).pow(index(exponent)));
    }
    return new Real(Math.pow(base.real(), exponent.real()));
  }

  static Value negate(Numeric number) {
    return number instanceof Real(double real) ? new Real(-real) : new Int(whole(number).negate());
  }

  static Value absolute(Numeric number) {
    return number instanceof Real(double real)
        ? new Real(Math.abs(real))
        : new Int(whole(number).abs());
  }

  /// The integer that a boolean or an integer is.
  static BigInteger whole(Numeric number) {
    return switch (number) {
      case Bool(boolean value) -> value ? BigInteger.ONE : BigInteger.ZERO;
      case Int(BigInteger value) -> value;
      case Real _ -> throw Failure.evaluation("'float' object cannot be interpreted as an integer");
    };
  }

  /// An integer that indexes or counts; one too large for a Java `int` is the nearest `int`, since
  /// no text or list is that long.
  static int index(Value value) {
    if (!(value instanceof Numeric number)) {
      throw value instanceof Undefined undefined
          ? undefined.failure()
          : Failure.evaluation(
              "'%s' object cannot be interpreted as an integer", Types.name(value));
    }
    BigInteger whole = whole(number);
    return whole.bitLength() < Integer.SIZE
        ? whole.intValue()
        : whole.signum() < 0 ? Integer.MIN_VALUE : Integer.MAX_VALUE;
  }

  /// The number without what follows its decimal point.
  static Int truncate(Numeric number) {
    if (number instanceof Real(double real)) {
      if (!Double.isFinite(real)) {
        throw Failure.evaluation("cannot convert float %s to integer", Repr.of(number));
      }
      return new Int(new BigDecimal(real).toBigInteger());
    }
    return new Int(whole(number));
  }

  /// Python's `round`: halves of what the double really is go to the even neighbour.
  static Value round(Numeric number, int places) {
    if (number instanceof Real(double real)) {
      return Double.isFinite(real)
          ? new Real(new BigDecimal(real).setScale(places, RoundingMode.HALF_EVEN).doubleValue())
          : number;
    }
    if (places < 0) {
      throw Failure.unsupported("rounding an integer to tens");
    }
    return new Int(whole(number));
  }

  private static boolean bothWhole(Numeric left, Numeric right) {
    return !(left instanceof Real) && !(right instanceof Real);
  }

  private static BigInteger nonZero(Numeric divisor, String message) {
    if (whole(divisor).signum() == 0) {
      throw Failure.evaluation(message);
    }
    return whole(divisor);
  }

  private static BigInteger floorDivide(BigInteger left, BigInteger right) {
    BigInteger[] parts = left.divideAndRemainder(right);
    boolean below = parts[1].signum() != 0 && parts[1].signum() != right.signum();
    return below ? parts[0].subtract(BigInteger.ONE) : parts[0];
  }

  private static boolean isFinite(Numeric number) {
    return !(number instanceof Real(double real)) || Double.isFinite(real);
  }

  private static BigDecimal decimal(Numeric number) {
    return number instanceof Real(double real)
        ? new BigDecimal(real)
        : new BigDecimal(whole(number));
  }
}
