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
import dev.retort.model.Pretrained;
import dev.retort.model.TextClassifier;
import dev.retort.recipe.Plan;
import dev.retort.recipe.Recipe;
import dev.retort.report.RunReport;
import dev.retort.runtime.Tokenizer;
import dev.retort.signal.Need;
import dev.retort.signal.SignalStore;
import dev.retort.teacher.LocalTeacher;
import dev.retort.teacher.StoredTeacher;
import dev.retort.train.TrainJob;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// A run of the task `embedding`: the student learns the teacher's vectors of texts without labels,
/// and is judged by scored pairs. There is nothing to fine-tune, and the baseline is the student
/// before it has learnt: the teacher with its layers missing.
///
/// @param context what the run needs from outside
record EmbeddingDistillation(RunContext context) {

  /// The two sides of held-out data: tokens for the models, scores to judge by.
  ///
  /// @param data all texts, tokenized
  /// @param validation pairs that epochs are chosen by
  /// @param test pairs that the verdict is about
  record Data(RunData data, ScoredPairs validation, ScoredPairs test) {

    static Data read(Recipe recipe, Path folder, Tokenizer tokenizer) throws IOException {
      SimilarityData read = SimilarityData.read(recipe.data(), folder);
      return new Data(
          RunData.of(read, tokenizer, recipe.teacher().maxLength()),
          read.validation(),
          read.test());
    }
  }

  /// Runs `plan` on the data below `recipeFolder`.
  RunReport distill(Plan plan, Path recipeFolder, RunFolder folder, RunTools tools)
      throws IOException {
    Clock clock = tools.clock();
    Pretrained pretrained = plan.teacher();
    Recipe recipe = plan.recipe();
    try (Tokenizer tokenizer = Tokenizer.open(pretrained.tokenizer())) {
      Data data = clock.time("data", () -> Data.read(recipe, recipeFolder, tokenizer));
      data.data().findings().forEach(finding -> context.listener().noted(finding.toString()));
      String fingerprint =
          Fingerprints.of(
              Fingerprints.of(pretrained), recipe.teacher().maxLength(), Need.EMBEDDING);
      try (TrainedTeacher teacher =
          new TrainedTeacher(
              pretrained, ModelWeights.embedder(pretrained), fingerprint, Optional.empty())) {
        RunRecord.of(recipe, recipeFolder, data.data(), fingerprint, tools.started())
            .write(folder.provenance());
        try (Distillation.Trained trained = train(plan, data, teacher, folder, tools)) {
          return new EmbeddingReporting(context, plan, data, folder, clock)
              .report(teacher, trained, tools.started());
        }
      }
    }
  }

  private Distillation.Trained train(
      Plan plan, Data data, TrainedTeacher teacher, RunFolder folder, RunTools tools)
      throws IOException {
    int width = teacher.model().config().hiddenSize();
    try (SignalStore store =
        SignalStore.open(context.workspace().signals(), teacher.fingerprint(), width)) {
      StoredTeacher<TextBatch> answers =
          new StoredTeacher<>(
              new LocalTeacher<>("teacher", teacher.fingerprint(), teacher.model(), Precision.FP32),
              store,
              Need.EMBEDDING);
      tools.clock().time("teacher's answers", () -> ask(answers, data.data().train()));
      StudentPhase phase = new StudentPhase(plan, data.data(), teacher);
      TextClassifier student = phase.student();
      TrainJob<TextBatch> job = job(phase, student, answers, data);
      TrainedPhase taught =
          tools.clock().time("student", () -> tools.runner().run(job, folder.phase("student")));
      return new Distillation.Trained(
          student,
          taught,
          plan.recipe().baseline() ? Optional.of(phase.student()) : Optional.empty(),
          Optional.empty());
    }
  }

  private int ask(StoredTeacher<TextBatch> answers, TokenizedDataset train) {
    context.listener().phaseStarted("teacher's vectors", train.size(), "texts");
    answers.answer(train, context.listener()::advanced);
    context.listener().phaseEnded("teacher's vectors", "%d texts".formatted(train.size()));
    answers.store().flush();
    return train.size();
  }

  private static TrainJob<TextBatch> job(
      StudentPhase phase, TextClassifier student, StoredTeacher<TextBatch> answers, Data data) {
    Recipe recipe = phase.plan().recipe();
    TokenizedDataset texts = data.data().validation();
    double[] scores = data.validation().scores();
    double known = similarities(phase.teacher().model(), texts, scores).spearman();
    return new TrainJob<>(
        StudentPhase.STUDENT,
        student,
        Optional.of(answers),
        phase.plan().needs(),
        StudentPhase.terms(recipe, phase.teacher().model().config(), student.config()),
        data.data().train(),
        recipe.train(),
        model -> similarities(model, texts, scores).spearman() / known);
  }

  /// How alike `model` finds pairs of `texts`, in 32 bits.
  static Similarities similarities(
      Network<TextBatch> model, TokenizedDataset texts, double[] scores) {
    return Similarities.of(Predictor.embeddings(model, texts, Precision.FP32), scores);
  }
}
