package dev.retort.api;

import dev.retort.catalog.Check;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;

/// Asks a model about many things at once, and tells what became of each in their order.
///
/// At most [#WINDOW] times as many questions as may be under way are held at any moment, however
/// many there are: one that takes long holds up those after it before memory fills.
public final class Asking {

  /// Questions held at most, for each that may be under way.
  public static final int WINDOW = 4;

  private final ChatModel model;
  private final int inFlight;
  private final BooleanSupplier stop;

  /// A way to ask one model.
  ///
  /// @param model who is asked
  /// @param inFlight questions under way at once at most
  /// @param stop looked at before each question; once it is true, no more are asked, and those
  ///   under way are waited for
  public Asking(ChatModel model, int inFlight, BooleanSupplier stop) {
    Check.atLeast("inFlight", inFlight, 1);
    this.model = model;
    this.inFlight = inFlight;
    this.stop = stop;
  }

  /// Asks about each of `subjects`, and gives what became of it to `consumer`, in their order and
  /// on the calling thread. Subjects that a stop came before are not heard of again.
  ///
  /// @param question what is asked about a subject
  /// @throws PermanentApiException if the API will answer nobody any more. This and any other
  ///   failure but those of single questions, such as a budget that is spent, ends the asking: no
  ///   more are asked, those under way are waited for and given to the consumer, as they may have
  ///   been paid for, and the failure is thrown.
  /// @throws InterruptedException if the calling thread is interrupted: questions under way are
  ///   given up
  public <T> void inOrder(
      Iterator<? extends T> subjects,
      Function<? super T, ChatRequest> question,
      Consumer<? super Asked<T>> consumer)
      throws InterruptedException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Round<T> round = new Round<>(threads, question, consumer);
      try {
        round.run(subjects);
      } finally {
        threads.shutdownNow(); // nothing is left to interrupt unless the round was broken off
      }
      round
          .ending()
          .ifPresent(ending -> {
            throw ending;
          });
    }
  }

  /// One walk over the subjects.
  private final class Round<T> {

    private final ExecutorService threads;
    private final Function<? super T, ChatRequest> question;
    private final Consumer<? super Asked<T>> consumer;
    private final Semaphore free = new Semaphore(inFlight);
    private final Queue<Future<Optional<Asked<T>>>> window = new ArrayDeque<>();
    private final Queue<RuntimeException> endings = new ConcurrentLinkedQueue<>();

    Round(
        ExecutorService threads,
        Function<? super T, ChatRequest> question,
        Consumer<? super Asked<T>> consumer) {
      this.threads = threads;
      this.question = question;
      this.consumer = consumer;
    }

    /// Why nobody is to be asked any more, if so.
    Optional<RuntimeException> ending() {
      return Optional.ofNullable(endings.peek());
    }

    void run(Iterator<? extends T> subjects) throws InterruptedException {
      while (true) {
        // Taken here and not by the thread that asks: questions then begin in their order, and
        // those asked before a stop are the first ones.
        free.acquire();
        deliverWhatIsThere();
        if (ending().isPresent() || stop.getAsBoolean() || !subjects.hasNext()) {
          break;
        }
        T subject = subjects.next();
        window.add(threads.submit(() -> ask(subject)));
        if (window.size() == WINDOW * inFlight) {
          deliver(window.remove());
        }
      }
      while (!window.isEmpty()) {
        deliver(window.remove());
      }
    }

    /// What became of a question; nothing if its failure ends the round.
    private Optional<Asked<T>> ask(T subject) throws InterruptedException {
      try {
        return Optional.of(new Asked.Answered<>(subject, model.answer(question.apply(subject))));
      } catch (ApiException failure) {
        if (concernsAll(failure)) {
          endings.add(failure);
          return Optional.empty();
        }
        return Optional.of(new Asked.Failed<>(subject, failure));
      } catch (RuntimeException fault) { // such as a budget that is spent
        endings.add(fault);
        return Optional.empty();
      } finally {
        free.release();
      }
    }

    private void deliverWhatIsThere() throws InterruptedException {
      for (Future<Optional<Asked<T>>> first = window.peek();
          first != null && first.isDone();
          first = window.peek()) {
        deliver(window.remove());
      }
    }

    private void deliver(Future<Optional<Asked<T>>> asked) throws InterruptedException {
      outcome(asked).ifPresent(consumer);
    }

    private Optional<Asked<T>> outcome(Future<Optional<Asked<T>>> asked)
        throws InterruptedException {
      try {
        return asked.get();
      } catch (ExecutionException e) {
        switch (e.getCause()) {
          case Error error -> throw error;
          case InterruptedException interruption -> throw interruption;
          case null, default -> throw new IllegalStateException("asking failed", e.getCause());
        }
      }
    }
  }

  private static boolean concernsAll(ApiException failure) {
    return failure instanceof PermanentApiException refusal
        && refusal.scope() == PermanentApiException.Scope.ALL;
  }
}
