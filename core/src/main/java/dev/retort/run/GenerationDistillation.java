package dev.retort.run;

import dev.retort.data.Finding;
import dev.retort.data.SequenceBatch;
import dev.retort.model.decoder.DecoderConfig;
import dev.retort.policy.Generations;
import dev.retort.recipe.GenerationPlan;
import dev.retort.recipe.Recipe;
import dev.retort.report.RunReport;
import dev.retort.runtime.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// A run of task `generation`: a language model is made smaller on texts, or on prompts with their
/// completions.
///
/// @param context what the run needs from outside
record GenerationDistillation(RunContext context) {

  /// What is learnt from, as texts and in the form that is computed, and as the teacher reads it,
  /// if that is another.
  private record Learnt(
      RunData texts, GenerationPhase.Sequences sequences, Optional<TeachersTexts> teachers) {

    static Learnt read(GenerationPlan plan, Path recipeFolder) throws IOException {
      CheckedData checked = CheckedData.read(plan.recipe(), recipeFolder);
      TextReading reading = new TextReading(plan.reader(), plan.recipe());
      RunData texts = reading.of(checked);
      Optional<TeachersTexts> teachers = TeachersTexts.of(plan, texts, checked);
      Optional<RunData> reasons = reading.rationales(checked);
      return new Learnt(
          texts
              .noting(teachers.map(TeachersTexts::findings).orElse(List.of()))
              .noting(reasons.map(RunData::findings).orElse(List.of())),
          GenerationPhase.Sequences.of(plan, texts, reading.rejected(checked), teachers)
              .with(texts, reasons),
          teachers);
    }
  }

  /// Runs `recipe` on the data below `recipeFolder`.
  RunReport distill(Recipe recipe, Path recipeFolder, RunFolder folder, RunTools tools)
      throws IOException {
    Clock clock = tools.clock();
    GenerationPlan plan = plan(recipe, clock);
    Learnt learnt = clock.time("data", () -> Learnt.read(plan, recipeFolder));
    RunData texts = learnt.texts();
    texts.findings().forEach(finding -> context.listener().noted(finding.toString()));
    RunRecord.of(recipe, recipeFolder, texts, LanguageTeachers.fingerprints(plan), tools.started())
        .madeOf(otherModel(plan))
        .write(folder.provenance());
    try (LanguageTeachers teachers = LanguageTeachers.open(plan, learnt.sequences().validation());
        TokenTeacher heard =
            new TokenTeacher.Opening(context, plan, clock)
                .open(teachers, learnt.sequences().training());
        Tokenizer tokenizer = Tokenizer.open(plan.reader().tokenizer())) {
      GenerationPhase phase =
          new GenerationPhase(
              plan,
              texts.noting(heard.findings()),
              learnt.sequences(),
              learnt.teachers(),
              teachers,
              heard,
              new Generations(folder.generations(), tokenizer));
      try (TokenStudents<SequenceBatch> trained = TokenStudents.train(phase, folder, tools)) {
        List<Finding> own = OwnTextsNote.of(trained.taught());
        own.forEach(finding -> context.listener().noted(finding.toString()));
        return new TokenReporting<>(context, phase.noting(own), folder, clock)
            .report(trained, tools.started());
      }
    }
  }

  /// Asks the teacher about all training texts, so that a later [#distill] need not. Returns how
  /// many answers its store holds.
  ///
  /// @throws RunException if the recipe keeps nothing
  int label(Recipe recipe, Path recipeFolder) throws IOException {
    Clock clock = new Clock();
    GenerationPlan plan = plan(recipe, clock);
    if (plan.codec().isEmpty()) {
      throw new RunException(
          "teacher.signals: 'online' asks the teacher while its student is trained and keeps nothing;"
              + " set top-k or sampled, or run `retort distill`");
    }
    Learnt learnt = Learnt.read(plan, recipeFolder);
    try (LanguageTeachers teachers = LanguageTeachers.open(plan, learnt.sequences().validation());
        TokenTeacher heard =
            new TokenTeacher.Opening(context, plan, clock)
                .open(teachers, learnt.sequences().training())) {
      return heard.size();
    }
  }

  /// The hash of the model that the student is made of, if it is not the teacher.
  private static Optional<String> otherModel(GenerationPlan plan) throws IOException {
    return plan.source().equals(plan.teacher())
        ? Optional.empty()
        : Optional.of(Fingerprints.ofFolder(plan.source().folder()));
  }

  GenerationPlan plan(Recipe recipe, Clock clock) throws IOException {
    context.listener().phaseStarted("models", 0, "bytes");
    GenerationPlan plan =
        clock.time(
            "download",
            () ->
                context
                    .models()
                    .generationPlan(
                        recipe, (file, bytes, total) -> context.listener().advanced(bytes)));
    context
        .listener()
        .phaseEnded(
            "models",
            plan.teachers().entrySet().stream()
                .map(teacher -> described(recipe, teacher.getKey(), teacher.getValue().config()))
                .collect(Collectors.joining("; ")));
    return plan;
  }

  private static String described(Recipe recipe, String name, DecoderConfig config) {
    return "%s, %d layers, hidden size %d"
        .formatted(recipe.lineup().teacher(name).model(), config.layers(), config.hiddenSize());
  }
}
