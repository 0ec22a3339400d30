package dev.retort.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.data.SequenceBatch;
import dev.retort.data.SequenceDataset;
import dev.retort.data.TokenSequence;
import dev.retort.model.Precision;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.model.decoder.GoldenDecoders;
import dev.retort.objective.JensenShannon;
import dev.retort.objective.ReverseKl;
import dev.retort.objective.RowObjective;
import dev.retort.recipe.Keep;
import dev.retort.recipe.OnPolicy;
import dev.retort.recipe.Schedule;
import dev.retort.recipe.TrainSettings;
import dev.retort.runtime.Tokenizer;
import dev.retort.signal.Need;
import dev.retort.teacher.LocalTeacher;
import dev.retort.tensor.Workers;
import dev.retort.train.BoundTerm;
import dev.retort.train.Checkpoints;
import dev.retort.train.LossScore;
import dev.retort.train.Rollouts.Moment;
import dev.retort.train.StepBatches;
import dev.retort.train.StopSwitch;
import dev.retort.train.TrainJob;
import dev.retort.train.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What on-policy training is for: where its own texts lead it, the student comes near to its
/// teacher.
class OnPolicyTrainingTest {

  private static final OnPolicy POLICY =
      new OnPolicy(1, 8, 1, 1, 0, Optional.empty(), Optional.empty());
  private static final SequenceDataset DATA =
      new SequenceDataset(
          IntStream.range(0, 24)
              .mapToObj(row -> TokenSequence.completion(new int[] {10 + 3 * row, 5}, 1))
              .toList());

  @TempDir Path folder;

  static Stream<RowObjective> divergences() {
    return Stream.of(new ReverseKl(1), new JensenShannon(1, 0.5));
  }

  @ParameterizedTest
  @MethodSource("divergences")
  void aStudentLearnsWhatItsTeacherSaysOfItsOwnTexts(RowObjective objective) throws IOException {
    List<BoundTerm> terms = List.of(new BoundTerm("divergence", objective, 1));
    Path vocabulary = Path.of("src/test/resources/parity/tokenizer/tokenizer.json");
    try (CausalLanguageModel teacher = GoldenDecoders.model("gpt2");
        CausalLanguageModel student = teacher.withLayers(List.of(0));
        Tokenizer tokenizer = Tokenizer.open(vocabulary)) {
      LocalTeacher<SequenceBatch> asked =
          new LocalTeacher<>("teacher", "f", teacher, Precision.FP32);
      OnPolicyTexts texts =
          new OnPolicyTexts(
              new Author(student, Precision.FP32, Set.of(3)),
              POLICY,
              200,
              new Generations(folder.resolve("generations.jsonl"), tokenizer));
      TrainJob<SequenceBatch> job =
          new TrainJob<>(
                  "student",
                  student,
                  Optional.of(asked),
                  Set.of(Need.DISTRIBUTION),
                  terms,
                  DATA,
                  settings(),
                  _ -> 0)
              .with(texts);
      double before = divergence(texts, asked, student, terms);

      try (Trainer<SequenceBatch> trainer =
          new Trainer<>(
              job, new Checkpoints(folder.resolve("checkpoints")), List.of(), new StopSwitch())) {
        trainer.run();
      }

      assertThat(divergence(texts, asked, student, terms)).isPositive().isLessThan(0.5 * before);
    }
  }

  /// Of texts that the student writes now.
  private static double divergence(
      OnPolicyTexts texts,
      LocalTeacher<SequenceBatch> teacher,
      CausalLanguageModel student,
      List<BoundTerm> terms) {
    int[] all = IntStream.range(0, DATA.size()).toArray();
    try (Workers workers = Workers.share(2)) {
      StepBatches<SequenceBatch> own =
          texts.of(
              new StepBatches<>(DATA, List.of(DATA.batch(all))),
              new Moment(100_000, 0.5, 99),
              workers);
      return -new LossScore<>(own.data(), teacher, Set.of(Need.DISTRIBUTION), terms, Precision.FP32)
          .score(student);
    }
  }

  private static TrainSettings settings() {
    return new TrainSettings(
        25,
        24,
        1,
        1e-2,
        1,
        new Schedule.Linear(0.1),
        0,
        1,
        Precision.FP32,
        7,
        Optional.empty(),
        Keep.LAST,
        500);
  }
}
