package dev.retort.api.fake;

import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Which requests to a fake API go wrong.
@FunctionalInterface
public interface Faults {

  /// What goes wrong with this request.
  ///
  /// @param question what is asked
  /// @param attempt how often it has been asked before
  Optional<Fault> next(String question, int attempt);

  /// These, one after the other, and then none.
  static Faults script(Fault... faults) {
    Queue<Fault> rest = new ConcurrentLinkedQueue<>(List.of(faults));
    return (_, _) -> Optional.ofNullable(rest.poll());
  }

  /// This share of all requests, drawn by question and attempt: threads do not change it.
  static Faults share(double share, Set<Fault> kinds, long seed) {
    List<Fault> all = List.copyOf(kinds);
    return (question, attempt) -> {
      Random random = new Random(seed + 31L * question.hashCode() + 17L * attempt);
      random.nextDouble(); // the first draws of neighbouring seeds are alike
      return random.nextDouble() < share
          ? Optional.of(all.get(random.nextInt(all.size())))
          : Optional.empty();
    };
  }
}
