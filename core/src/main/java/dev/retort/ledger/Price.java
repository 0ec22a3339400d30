package dev.retort.ledger;

import dev.retort.api.ChatAnswer.Usage;
import java.math.BigDecimal;

/// What a model's tokens cost.
///
/// @param input dollars for a million tokens that are read
/// @param cachedInput dollars for a million tokens that are read and were cached by the API
/// @param output dollars for a million tokens that are written
public record Price(BigDecimal input, BigDecimal cachedInput, BigDecimal output) {

  /// A model that costs nothing, such as one on a server of one's own.
  public static final Price FREE = new Price(BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO);

  private static final int MILLION_DIGITS = 6;

  public Price {
    require("input", input);
    require("cachedInput", cachedInput);
    require("output", output);
  }

  /// What an answer cost: `input · (tokens read − cached) + cachedInput · cached + output · tokens
  /// written`, rounded up to a billionth of a dollar.
  public Dollars of(Usage usage) {
    long uncached = Math.max(0, usage.inputTokens() - usage.cachedTokens());
    BigDecimal millionfold =
        times(input, uncached)
            .add(times(cachedInput, usage.cachedTokens()))
            .add(times(output, usage.outputTokens()));
    return Dollars.of(millionfold.movePointLeft(MILLION_DIGITS));
  }

  /// What tokens cost at most, whether the API finds them in its cache or not.
  public Dollars atMost(long inputTokens, long outputTokens) {
    BigDecimal dearest = input.max(cachedInput);
    BigDecimal millionfold = times(dearest, inputTokens).add(times(output, outputTokens));
    return Dollars.of(millionfold.movePointLeft(MILLION_DIGITS));
  }

  /// The same with every price multiplied by `share`, as for batches.
  public Price times(BigDecimal share) {
    return new Price(input.multiply(share), cachedInput.multiply(share), output.multiply(share));
  }

  private static BigDecimal times(BigDecimal price, long tokens) {
    return price.multiply(BigDecimal.valueOf(tokens));
  }

  private static void require(String name, BigDecimal price) {
    if (price.signum() < 0) {
      throw new IllegalArgumentException(
          "%s must be 0 or more dollars per million tokens but is %s".formatted(name, price));
    }
  }
}
