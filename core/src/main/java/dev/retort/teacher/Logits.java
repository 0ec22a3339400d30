package dev.retort.teacher;

import dev.retort.data.Batch;
import dev.retort.signal.Distribution;
import dev.retort.signal.Need;
import dev.retort.tensor.Tensor;
import java.util.EnumSet;

/// Reads the logits of teachers that give all of them.
final class Logits {

  private Logits() {}

  /// What `teacher` answers, `[N, V]`, in the scope that is open.
  ///
  /// @throws IllegalStateException if it does not give every logit
  static <B extends Batch> Tensor of(Teacher<B> teacher, Question<B> question) {
    return switch (teacher
        .ask(question, EnumSet.of(Need.DISTRIBUTION, Need.LOGITS))
        .distribution()
        .orElse(null)) {
      case Distribution.Dense(Tensor logitsNV) -> logitsNV;
      case Distribution.Headed headed -> headed.dense().logitsNV();
      case null, default ->
          throw new IllegalStateException(
              "teacher '%s' gave no logits, only a dense distribution has them"
                  .formatted(teacher.name()));
    };
  }
}
