package dev.retort.ledger;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import java.math.BigDecimal;
import java.util.Optional;

/// The `price:` section of a teacher behind an API: what its tokens cost, as its provider says
/// today. Prices change, so Retort ships none.
///
/// @param input dollars for a million tokens that it reads
/// @param cachedInput dollars for a million tokens that it reads and had cached
/// @param output dollars for a million tokens that it writes
/// @param batchShare what a batch costs of these prices
public record PriceSettings(
    @Doc("Dollars for a million tokens that the model reads.") double input,
    @Doc(
            "Dollars for a million tokens that the model reads and its API had cached; the price"
                + " of `input` if left out.")
        Optional<Double> cachedInput,
    @Doc("Dollars for a million tokens that the model writes.") double output,
    @Default("1.0")
        @Doc("What requests in a batch cost of these prices, such as 0.5 for half of them.")
        double batchShare) {

  public PriceSettings {
    Check.atLeast("input", input, 0);
    cachedInput.ifPresent(cached -> Check.atLeast("cachedInput", cached, 0));
    Check.atLeast("output", output, 0);
    Check.within("batchShare", batchShare, 0, 1);
  }

  /// Prices of requests that are asked one by one.
  public Price price() {
    return new Price(
        BigDecimal.valueOf(input),
        BigDecimal.valueOf(cachedInput.orElse(input)),
        BigDecimal.valueOf(output));
  }

  /// Prices of requests in a batch.
  public Price batchPrice() {
    return price().times(BigDecimal.valueOf(batchShare));
  }
}
