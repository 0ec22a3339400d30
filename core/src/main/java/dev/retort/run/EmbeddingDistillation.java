package dev.retort.run;

import dev.retort.data.ScoredPairs;
import dev.retort.data.SimilarityData;
import dev.retort.data.TextBatch;
import dev.retort.data.TokenizedDataset;
import dev.retort.eval.Similarities;
import dev.retort.model.ModelWeights;
import dev.retort.model.Network;
import dev.retort.model.Precision;
import dev.retort.model.Predictor;
import dev.retort.model.TextClassifier;
import dev.retort.recipe.Lineup;
import dev.retort.recipe.Plan;
import dev.retort.report.RunReport;
import dev.retort.signal.Need;
import dev.retort.teacher.Teacher;
import dev.retort.train.Validator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A run of the task `embedding`: the student learns the teacher's vectors of texts without labels,
/// and is judged by scored pairs. There is nothing to fine-tune, and the baseline is the student
/// before it has learnt: the teacher with its layers missing.
///
/// @param context what the run needs from outside
record EmbeddingDistillation(RunContext context) {

  /// Texts as tokens, and the scores of held-out pairs.
  ///
  /// @param taught all texts as the teacher reads them
  /// @param data all texts as the student reads them
  /// @param validation pairs that epochs are chosen by
  /// @param test pairs that the verdict is about
  record Data(RunData taught, RunData data, ScoredPairs validation, ScoredPairs test) {

    static Data read(Plan plan, RunContext context, Path folder) throws IOException {
      SimilarityData read =
          new AugmentPhase(plan, context.workspace(), context.listener())
              .apply(SimilarityData.read(plan.recipe().data(), folder));
      RunData taught = RunData.ofTeacher(plan, read);
      return new Data(
          taught, RunData.ofStudent(plan, read, taught), read.validation(), read.test());
    }
  }

  /// Runs `plan` on the data below `recipeFolder`.
  RunReport distill(Plan plan, Path recipeFolder, RunFolder folder, RunTools tools)
      throws IOException {
    Data data = tools.clock().time("data", () -> Data.read(plan, context, recipeFolder));
    data.data().findings().forEach(finding -> context.listener().noted(finding.toString()));
    try (Faculty faculty = faculty(plan, data)) {
      RunRecord.of(plan, recipeFolder, data.data(), faculty.fingerprints(), tools.started())
          .write(folder.provenance());
      try (Distillation.Trained trained = train(plan, data, faculty, folder, tools)) {
        return new EmbeddingReporting(context, plan, data, folder, tools.clock())
            .report(faculty, trained, tools.started());
      }
    }
  }

  private static Faculty faculty(Plan plan, Data data) throws IOException {
    Lineup lineup = plan.recipe().lineup();
    String fingerprint =
        Fingerprints.of(Fingerprints.of(plan.teacher()), lineup.main().maxLength(), Need.EMBEDDING);
    TrainedTeacher teacher =
        new TrainedTeacher(
            lineup.mainName(),
            plan.teacher(),
            data.taught(),
            ModelWeights.embedder(plan.teacher()),
            fingerprint,
            List.of());
    return new Faculty(
        lineup, Readings.of(lineup.mainName(), data.taught(), data.data()), List.of(teacher));
  }

  private Distillation.Trained train(
      Plan plan, Data data, Faculty faculty, RunFolder folder, RunTools tools) throws IOException {
    try (Answers answers = Answers.open(plan, faculty, context.workspace())) {
      Teacher<TextBatch> teacher =
          tools
              .clock()
              .time(
                  "teacher's answers",
                  () -> {
                    answers.ask(RunData::train, context.listener());
                    return answers.together();
                  });
      StudentPhase phase = new StudentPhase(plan, data.data(), faculty.main().weights());
      Network<TextBatch> student = phase.student();
      Validator<TextBatch> quality = retention(faculty.main().weights().orElseThrow(), data);
      StudentStages<TextBatch> stages = phase.stages(teacher, _ -> quality, tools.runner());
      List<TrainedPhase> taught =
          tools.clock().time("student", () -> stages.run(student, folder::phase));
      return new Distillation.Trained(
          student,
          taught,
          plan.recipe().baseline() ? Optional.of(phase.student()) : Optional.empty(),
          Optional.empty());
    }
  }

  /// The student's rank correlation over the teacher's, both in 32 bits.
  private static Validator<TextBatch> retention(TextClassifier teacher, Data data) {
    TokenizedDataset texts = data.data().validation();
    double[] scores = data.validation().scores();
    double known = similarities(teacher, data.taught().validation(), scores).spearman();
    return model -> similarities(model, texts, scores).spearman() / known;
  }

  /// How alike `model` finds pairs of `texts`, in 32 bits.
  static Similarities similarities(
      Network<TextBatch> model, TokenizedDataset texts, double[] scores) {
    return Similarities.of(Predictor.embeddings(model, texts, Precision.FP32), scores);
  }
}
