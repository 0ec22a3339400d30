package dev.retort.ledger;

/// Where an answer comes from and what may be done with it.
///
/// @param run name of the run that paid for it; budgets count by this name
/// @param recipe name of the recipe, or empty
/// @param source how it came: `api`, `batch ID`, `import FILE:LINE`
/// @param licence what the provider's terms say about its use, or empty
public record Provenance(String run, String recipe, String source, String licence) {

  /// The source of answers that were asked for one by one.
  public static final String API = "api";

  /// Of answers that a run asks for one by one.
  public static Provenance of(String run, String recipe, String licence) {
    return new Provenance(run, recipe, API, licence);
  }

  /// The same from another source.
  public Provenance from(String other) {
    return new Provenance(run, recipe, other, licence);
  }
}
