package dev.retort.ledger;

/// The next request might pass the budget, so it was not sent. What was answered before is kept;
/// the run can go on from there with a larger budget.
public final class BudgetSpentException extends RuntimeException {

  private static final long serialVersionUID = 1;

  BudgetSpentException(String message) {
    super(message);
  }
}
