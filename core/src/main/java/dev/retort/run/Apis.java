package dev.retort.run;

import dev.retort.api.ApiAddress;
import dev.retort.api.ApiSettings;
import dev.retort.api.ChatModel;
import dev.retort.batch.BatchDoor;
import dev.retort.ledger.Dollars;
import java.util.Optional;

/// How models behind APIs are reached, and what they may cost.
///
/// @param opener reaches them
/// @param batches reaches them where they are asked in batches
/// @param budget what the answers for a recipe may cost in all, runs before this one included;
///   without one, whatever they cost
public record Apis(Opener opener, BatchOpener batches, Optional<Dollars> budget) {

  /// Without batches.
  public Apis(Opener opener, Optional<Dollars> budget) {
    this(
        opener,
        (address, _) -> {
          throw new IllegalStateException(
              "%s: this run was not told how to ask in batches".formatted(address.text()));
        },
        budget);
  }

  /// Reaches a model behind an API.
  @FunctionalInterface
  public interface Opener {

    /// The model at `address`; the caller closes it.
    ///
    /// @throws IllegalArgumentException if a key is missing
    ChatModel open(ApiAddress address, ApiSettings settings);
  }

  /// Reaches a model that is asked in batches.
  @FunctionalInterface
  public interface BatchOpener {

    /// The batches of the model at `address`.
    BatchDoor open(ApiAddress address, ApiSettings settings);
  }

  /// For runs whose teachers are local.
  public static final Apis NONE =
      new Apis(
          (address, _) -> {
            throw new IllegalStateException(
                "%s: this run was not told how to reach APIs".formatted(address.text()));
          },
          Optional.empty());
}
