package dev.retort.synthesis;

import dev.retort.api.ApiAddress;
import dev.retort.api.ApiSettings;
import dev.retort.catalog.Doc;
import dev.retort.ledger.Price;
import dev.retort.ledger.PriceSettings;
import java.util.Optional;

/// The `teacher:` section of a synthesis: who is asked.
///
/// @param model address of the model
/// @param api how it is reached
/// @param price what its answers cost
/// @param licence what may be done with them
public record TeacherSettings(
    @Doc(
            "Address of the model behind an API: `openai:URL#model`, `azure:URL#deployment`,"
                + " `anthropic:URL#model` or `bedrock:region#model`.")
        String model,
    @Doc("How the model is reached: key, limits, patience.") Optional<ApiSettings> api,
    @Doc("What its tokens cost; nothing if left out.") Optional<PriceSettings> price,
    @Doc(
            "What its provider's terms say about using its answers; noted with each of them in the"
                + " ledger.")
        Optional<String> licence) {

  public TeacherSettings {
    ApiAddress.parse(model);
  }

  /// The address, parsed.
  public ApiAddress address() {
    return ApiAddress.parse(model);
  }

  /// How the model is reached.
  public ApiSettings reached() {
    return api.orElse(ApiSettings.DEFAULTS);
  }

  /// What its tokens cost.
  public Price paid() {
    return price.map(PriceSettings::price).orElse(Price.FREE);
  }
}
