package dev.retort.teacher;

import dev.retort.data.Batch;
import dev.retort.data.BatchSource;
import dev.retort.model.Sweep;
import dev.retort.signal.Distribution;
import dev.retort.signal.Need;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import java.util.Set;

/// Asks a teacher about a whole dataset.
public final class Survey {

  private Survey() {}

  /// Logits `[rows, labels]` in the order of the dataset, whose softmax is what the teacher
  /// believes.
  public static <B extends Batch> float[][] logits(Teacher<B> teacher, BatchSource<B> data) {
    return Sweep.rows(data, batch -> answer(teacher, new Question<>(data, batch)), _ -> {});
  }

  private static <B extends Batch> float[][] answer(Teacher<B> teacher, Question<B> question) {
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      Distribution answer =
          teacher.ask(question, Set.of(Need.DISTRIBUTION)).distribution().orElseThrow();
      return switch (answer.computed()) {
        case Distribution.Dense(Tensor logitsNV) -> logitsNV.toFloatRows();
        case Distribution.Mixture mixture -> mixture.logProbabilitiesNV(1).toFloatRows();
        case Distribution.TopK _, Distribution.Sampled _ ->
            throw new IllegalStateException(
                "teacher '%s' names some labels only; a score needs all".formatted(teacher.name()));
        case Distribution.Headed _, Distribution.Deferred _ ->
            throw new IllegalStateException(
                "teacher '%s' left logits to be computed".formatted(teacher.name()));
        case Distribution.Aligned _ ->
            throw new IllegalStateException(
                "teacher '%s' decides between other tokens".formatted(teacher.name()));
      };
    }
  }
}
