package dev.retort.run;

import dev.retort.data.Dataset;
import dev.retort.data.TextBatch;
import dev.retort.data.TextEncoder;
import dev.retort.data.TokenizedDataset;
import dev.retort.eval.Predictions;
import dev.retort.model.Network;
import dev.retort.model.Precision;
import dev.retort.recipe.Plan;
import dev.retort.runtime.Tokenizer;
import java.io.IOException;

/// Trains and measures the student of one round, in a folder of its own.
///
/// @param distillation whose run it is
/// @param plan what was asked for
/// @param folder where the run leaves its files
/// @param tools who trains
record RoundTrial(Distillation distillation, Plan plan, RunFolder folder, RunTools tools)
    implements Rounds.Trial {

  @Override
  public RemoteAnswers ask(CheckedData data) throws IOException {
    return tools
        .clock()
        .time(
            "teacher's answers",
            () -> RemoteAnswers.ask(distillation.context(), plan.recipe(), data));
  }

  @Override
  public Rounds.Tried train(int round, RemoteAnswers remote, Dataset pool) throws IOException {
    Readings readings = Readings.of(plan, remote.data());
    try (Faculty faculty = distillation.faculty(plan, readings, remote.said(), tools);
        Answers answers = Answers.open(plan, faculty, distillation.context().workspace())) {
      StudentPhase phase = new StudentPhase(plan, readings.student(), faculty.main().weights());
      try (Network<TextBatch> student = phase.student()) {
        distillation.teach(
            phase, student, answers, tools, name -> folder.phase("round-" + round + "-" + name));
        return tried(student, readings.student(), pool);
      }
    }
  }

  private Rounds.Tried tried(Network<TextBatch> student, RunData data, Dataset pool)
      throws IOException {
    Precision precision = plan.recipe().train().precision();
    Predictions validation = Measuring.predictions(student, data.validation());
    return new Rounds.Tried(
        Scoring.accuracy(validation),
        Rounds.errors(validation, data.validation().dataset().examples(), data.labels().size()),
        Rounds.probabilities(student, tokenized(pool), precision),
        new PaidTeachers(distillation.context(), plan.recipe()).paying().paid());
  }

  private TokenizedDataset tokenized(Dataset pool) throws IOException {
    int maxLength = plan.recipe().mainTeacher().maxLength();
    try (Tokenizer tokenizer = Tokenizer.open(plan.source().tokenizer())) {
      return TokenizedDataset.of(pool, TextEncoder.of(tokenizer, maxLength), tokenizer.padId());
    }
  }
}
