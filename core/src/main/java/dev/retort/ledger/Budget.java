package dev.retort.ledger;

import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Money that may be spent, shared by all threads that ask.
///
/// Before a request is sent, the most that it can cost is reserved; afterwards the reservation is
/// settled to what it did cost. The sum of what was paid and what is reserved never passes the
/// limit, so the limit is not passed whatever the answers are. A request that does not fit beside
/// requests in flight waits for these: most of them cost less than they reserve.
public final class Budget {

  private final Dollars limit;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition settled = lock.newCondition();
  private Dollars paid;
  private Dollars reserved = Dollars.ZERO;

  /// @param limit what may be spent in all
  /// @param paid what was spent before, such as [Ledger#paid] of a run that is resumed
  public Budget(Dollars limit, Dollars paid) {
    this.limit = limit;
    this.paid = paid;
  }

  /// Without a limit; it still counts.
  public static Budget unlimited() {
    return new Budget(new Dollars(Long.MAX_VALUE), Dollars.ZERO);
  }

  /// Sets aside what a request can cost at most, waiting for requests in flight if need be.
  ///
  /// @throws BudgetSpentException if it does not fit, even if all requests in flight cost nothing
  public Reservation reserve(Dollars most) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (most.exceeds(unpaid().minus(reserved))) {
        if (most.exceeds(unpaid())) {
          throw spent(most);
        }
        settled.await();
      }
      return hold(most);
    } finally {
      lock.unlock();
    }
  }

  /// Sets aside what requests can cost at most, if it fits beside what is in flight.
  public Optional<Reservation> tryReserve(Dollars most) {
    lock.lock();
    try {
      return most.exceeds(unpaid().minus(reserved)) ? Optional.empty() : Optional.of(hold(most));
    } finally {
      lock.unlock();
    }
  }

  /// Sets aside what requests can cost that were sent before, such as a batch of an interrupted
  /// run, whether it fits or not: that money may be gone.
  public Reservation hold(Dollars most) {
    lock.lock();
    try {
      reserved = reserved.plus(most);
      return new Reservation(most);
    } finally {
      lock.unlock();
    }
  }

  /// What is neither paid nor set aside; negative if more was sent before than may be spent.
  public Dollars free() {
    lock.lock();
    try {
      return unpaid().minus(reserved);
    } finally {
      lock.unlock();
    }
  }

  /// What was paid so far, before an interruption as well.
  public Dollars paid() {
    lock.lock();
    try {
      return paid;
    } finally {
      lock.unlock();
    }
  }

  /// What may be spent in all.
  public Dollars limit() {
    return limit;
  }

  private Dollars unpaid() {
    return limit.minus(paid);
  }

  private BudgetSpentException spent(Dollars most) {
    return new BudgetSpentException(
        "the budget of %s is spent: %s are paid and the next request may cost %s; all answers are kept; run the same command with a larger --budget to go on"
            .formatted(limit, paid, most));
  }

  private void settle(Dollars most, Dollars cost) {
    lock.lock();
    try {
      reserved = reserved.minus(most);
      paid = paid.plus(cost);
      settled.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Money set aside for one request in flight. Closing it without [#settle] gives all of it back.
  public final class Reservation implements AutoCloseable {

    private final Dollars most;
    private boolean open = true;

    private Reservation(Dollars most) {
      this.most = most;
    }

    /// Pays what the request did cost and gives back the rest. Whoever reserved calls this, once.
    public void settle(Dollars cost) {
      if (!open) {
        throw new IllegalStateException("this reservation of " + most + " is settled already");
      }
      open = false;
      Budget.this.settle(most, cost);
    }

    @Override
    public void close() {
      if (open) {
        settle(Dollars.ZERO);
      }
    }
  }
}
