package dev.retort.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.data.TextBatch;
import dev.retort.data.TokenizedDataset;
import dev.retort.model.Precision;
import dev.retort.model.TextClassifier;
import dev.retort.objective.CrossEntropy;
import dev.retort.recipe.EarlyStop;
import dev.retort.recipe.Keep;
import dev.retort.recipe.Schedule;
import dev.retort.recipe.TrainSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which epoch's weights a run ends with.
class KeptEpochTest {

  private static final TokenizedDataset DATA = TinyTask.data(60, 1);

  @TempDir Path folder;

  /// The weights after every epoch.
  private final List<List<float[]>> seen = new ArrayList<>();

  @Test
  void keepsTheBestEpochAndStopsEarly() throws IOException {
    try (TextClassifier student = TinyTask.model(1, 1)) {
      TrainResult result =
          train(
              student,
              Keep.BEST,
              new double[] {0.5, 0.9, 0.8, 0.7, 0.6, 0.95},
              new EarlyStopping(new EarlyStop(2)));

      assertThat(result.end()).isEqualTo(TrainResult.End.EARLY_STOP);
      assertThat(seen).hasSize(4);
      assertThat(result.kept().orElseThrow().epoch()).isEqualTo(1);
      assertThat(TinyTask.weights(student).getFirst()).containsExactly(seen.get(1).getFirst());
    }
  }

  @Test
  void keepsTheLastEpochWhereThatIsAsked() throws IOException {
    try (TextClassifier student = TinyTask.model(1, 1)) {
      TrainResult result = train(student, Keep.LAST, new double[] {0.5, 0.9, 0.8});

      assertThat(result.kept().orElseThrow().epoch()).isEqualTo(2);
      assertThat(TinyTask.weights(student).getFirst()).containsExactly(seen.get(2).getFirst());
      assertThat(seen.get(2).getFirst()).isNotEqualTo(seen.get(1).getFirst());
    }
  }

  private TrainResult train(
      TextClassifier student, Keep keep, double[] scores, TrainListener... listeners)
      throws IOException {
    Validator<TextBatch> scripted =
        model -> {
          seen.add(TinyTask.weights(model));
          return scores[seen.size() - 1];
        };
    TrainJob<TextBatch> job =
        new TrainJob<>(
            "student",
            student,
            Optional.empty(),
            Set.of(),
            List.of(new BoundTerm("cross-entropy", new CrossEntropy(0), 1)),
            DATA,
            settings(scores.length, keep),
            scripted);
    Checkpoints checkpoints = new Checkpoints(folder);
    try (Trainer<TextBatch> trainer =
        new Trainer<>(job, checkpoints, List.of(listeners), new StopSwitch())) {
      return trainer.run();
    }
  }

  private static TrainSettings settings(int epochs, Keep keep) {
    return new TrainSettings(
        epochs,
        200,
        2,
        5e-3,
        1,
        new Schedule.Linear(0.1),
        0.01,
        1,
        Precision.FP32,
        7,
        Optional.empty(),
        keep,
        100);
  }
}
