package dev.retort.run;

import dev.retort.data.Batch;
import dev.retort.data.Batches;
import dev.retort.data.TokenizedDataset;
import dev.retort.signal.Need;
import dev.retort.teacher.Question;
import dev.retort.teacher.StoredTeacher;
import dev.retort.tensor.Scope;
import java.util.Set;
import java.util.function.LongConsumer;

/// Asks a teacher about a whole dataset, ahead of training.
final class Labelling {

  private static final int BATCH_TOKENS = 8192;

  private Labelling() {}

  /// Makes sure that `teacher` has answered every row of `data`.
  static void fill(StoredTeacher teacher, TokenizedDataset data, LongConsumer done) {
    long answered = 0;
    for (Batch batch : Batches.inOrder(data, BATCH_TOKENS)) {
      try (Scope _ = Scope.open()) {
        teacher.ask(new Question(data, batch), Set.of(Need.DISTRIBUTION));
      }
      answered += batch.size();
      done.accept(answered);
    }
  }
}
