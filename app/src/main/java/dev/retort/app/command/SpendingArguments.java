package dev.retort.app.command;

import dev.retort.app.exit.UsageException;
import dev.retort.ledger.Dollars;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/// What teachers behind APIs may cost.
final class SpendingArguments {

  @Option(
      names = "--budget",
      paramLabel = "DOLLARS",
      description =
          "What answers of teachers behind APIs may cost for this recipe in all, earlier runs"
              + " included. The run stops before more is spent, and goes on with a larger budget.")
  private Optional<String> budget = Optional.empty();

  /// The budget, if there is one.
  ///
  /// @throws UsageException if it is no amount of money
  Optional<Dollars> budget() {
    try {
      return budget.map(Dollars::of);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--budget: " + e.getMessage(), e);
    }
  }

  /// These arguments as they were written.
  List<String> words() {
    return budget.map(amount -> List.of("--budget", amount)).orElse(List.of());
  }
}
