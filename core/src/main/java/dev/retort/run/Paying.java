package dev.retort.run;

import dev.retort.api.RetryableApiException;
import dev.retort.ledger.Budget;
import dev.retort.ledger.Dollars;
import dev.retort.ledger.Ledger;
import dev.retort.ledger.Provenance;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Asks models behind APIs on the account of one recipe or synthesis: with the ledger that
/// remembers what was paid for, and within the budget.
///
/// @param context what the work needs from outside
/// @param name whose account it is; answers of earlier runs under this name count
record Paying(RunContext context, String name) {

  private static final int REASONS_SHOWN = 3;

  /// What all models of this workspace have answered. The caller closes it.
  Ledger ledger() throws IOException {
    return context.workspace().openLedger();
  }

  /// What all answers on this account have cost so far.
  Dollars paid() throws IOException {
    try (Ledger ledger = ledger()) {
      return ledger.paid(name);
    }
  }

  /// What may still be spent.
  Budget budget(Ledger ledger) {
    return context
        .apis()
        .budget()
        .map(most -> new Budget(most, ledger.paid(name)))
        .orElseGet(Budget::unlimited);
  }

  /// What is noted of answers that are used under the terms `licence`, if they are known.
  Provenance provenance(Optional<String> licence) {
    return Provenance.of(name, name, licence.orElse(""));
  }

  /// Whether the user asked for the end.
  boolean isStopped() {
    return context.stop().reason().isPresent();
  }

  /// Does `work`, which asks, and keeps what is answered in `answers`.
  ///
  /// @throws RunInterruptedException if the user asked for the end before it was done
  <T> T asking(Path answers, Clock.Work<T, InterruptedException> work) {
    T done;
    try {
      done = work.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw RunInterruptedException.whileAsking(answers);
    }
    if (isStopped()) {
      throw RunInterruptedException.whileAsking(answers);
    }
    return done;
  }

  /// The same, whose answers are in the ledger alone.
  <T> T asking(Clock.Work<T, InterruptedException> work) {
    return asking(context.workspace().ledger(), work);
  }

  /// Refuses to go on without the answers to requests of `who` that have failed for now.
  ///
  /// @throws RetryableApiException if there are any
  static void requireAll(String who, List<RetryableApiException> failures) {
    if (failures.isEmpty()) {
      return;
    }
    List<String> reasons =
        failures.stream()
            .map(failure -> String.valueOf(failure.getMessage()))
            .distinct()
            .limit(REASONS_SHOWN)
            .toList();
    throw new RetryableApiException(
        String.format(
            Locale.ROOT,
            "%s: %,d requests have no answer yet; what was answered is in the ledger, so run the same command again\n  %s",
            who,
            failures.size(),
            String.join("\n  ", reasons)),
        Optional.empty());
  }
}
