package dev.retort.remote;

import dev.retort.api.ApiSettings;
import dev.retort.batch.BatchSettings;
import dev.retort.catalog.Doc;
import dev.retort.ledger.Price;
import dev.retort.ledger.PriceSettings;
import dev.retort.redact.RedactSettings;
import java.util.Optional;

/// What is said about a model behind an API beside its address.
///
/// @param api how it is reached
/// @param price what its answers cost
/// @param licence what may be done with them
/// @param batch how it is asked in batches, if it is
/// @param redact what it is never told
public record RemoteSettings(
    @Doc("How a model behind an API is reached: key, limits, patience.") Optional<ApiSettings> api,
    @Doc("What the tokens of a model behind an API cost; nothing if left out.")
        Optional<PriceSettings> price,
    @Doc(
            "What its provider's terms say about using the answers of a model behind an API; noted"
                + " with each of them.")
        Optional<String> licence,
    @Doc(
            "Asks a model behind OpenAI's API in batches, with `{}`: slower, and at a lower price where"
                + " `price.batchShare` says so.")
        Optional<BatchSettings> batch,
    @Doc(
            "What is replaced by placeholders before a model behind an API is asked: e-mail addresses,"
                + " telephone numbers, cards, accounts, keys with `{}`; texts are sent as they are if"
                + " left out.")
        Optional<RedactSettings> redact) {

  /// Nothing is said.
  public static final RemoteSettings NONE =
      new RemoteSettings(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /// How the model is reached.
  public ApiSettings reached() {
    return api.orElse(ApiSettings.DEFAULTS);
  }

  /// What its tokens cost where requests are sent one by one.
  public Price paid() {
    return price.map(PriceSettings::price).orElse(Price.FREE);
  }

  /// What they cost in batches.
  public Price paidInBatches() {
    return price.map(PriceSettings::batchPrice).orElse(Price.FREE);
  }
}
