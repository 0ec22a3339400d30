package dev.retort.teacher;

import dev.retort.data.Batch;
import dev.retort.signal.Distribution;
import dev.retort.signal.Need;
import dev.retort.tensor.Tensor;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/// Asks teachers that give all logits.
final class Logits {

  private Logits() {}

  /// What `teacher` answers, in the scope that is open: [Distribution.Dense], or
  /// [Distribution.Headed] before a large vocabulary.
  ///
  /// @throws IllegalStateException if it does not give every logit
  static <B extends Batch> Distribution asked(Teacher<B> teacher, Question<B> question) {
    Optional<Distribution> answer =
        teacher.ask(question, EnumSet.of(Need.DISTRIBUTION, Need.LOGITS)).distribution();
    return answer
        .filter(said -> said instanceof Distribution.Dense || said instanceof Distribution.Headed)
        .orElseThrow(() ->
            new IllegalStateException(
                "teacher '%s' gave no logits, only a dense distribution has them"
                    .formatted(teacher.name())));
  }

  /// Whether logits are still to be computed, and only for some rows at a time.
  static boolean areDeferred(List<Distribution> answers) {
    return answers.stream().anyMatch(Distribution.Headed.class::isInstance);
  }

  /// The logits of these rows of what was [#asked], `[n, V]`.
  static Tensor of(Distribution answer, Tensor rowsN) {
    return switch (answer) {
      case Distribution.Dense(Tensor logitsNV) -> logitsNV.indexSelect(0, rowsN);
      case Distribution.Headed(Tensor hiddenND, var head) ->
          head.logits(hiddenND.indexSelect(0, rowsN));
      default -> throw new IllegalStateException("no logits: " + answer.getClass());
    };
  }

  /// The logits of `count` rows from `first` on of what was [#asked], `[count, V]`.
  static Tensor of(Distribution answer, long first, long count) {
    if (answer.slice(first, count) instanceof Distribution.Dense(Tensor logitsNV)) {
      return logitsNV;
    }
    throw new IllegalStateException("no logits: " + answer.getClass());
  }
}
