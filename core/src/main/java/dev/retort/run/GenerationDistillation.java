package dev.retort.run;

import dev.retort.chat.ChatException;
import dev.retort.chat.ChatTemplate;
import dev.retort.chat.jinja.TemplateException;
import dev.retort.data.Answer;
import dev.retort.data.CompletionEncoder;
import dev.retort.data.ConversationEncoder;
import dev.retort.data.DataException;
import dev.retort.data.Finding;
import dev.retort.data.RowShape;
import dev.retort.data.SequenceBatch;
import dev.retort.data.SequenceDataset;
import dev.retort.data.TextEncoder;
import dev.retort.data.TokenizedDataset;
import dev.retort.model.ModelException;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.model.decoder.DecoderConfig;
import dev.retort.model.decoder.PretrainedDecoder;
import dev.retort.policy.Generations;
import dev.retort.recipe.GenerationPlan;
import dev.retort.recipe.Recipe;
import dev.retort.report.RunReport;
import dev.retort.runtime.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A run of task `generation`: a language model is made smaller on texts, or on prompts with their
/// completions.
///
/// @param context what the run needs from outside
record GenerationDistillation(RunContext context) {

  /// What is learnt from, as texts and in the form that is computed.
  private record Learnt(RunData texts, GenerationPhase.Sequences sequences) {

    static Learnt read(GenerationPlan plan, Path recipeFolder) throws IOException {
      CheckedData checked = CheckedData.read(plan.recipe(), recipeFolder);
      RunData texts = tokenized(plan, checked);
      return new Learnt(
          texts, GenerationPhase.Sequences.of(plan.recipe(), texts, rejected(plan, checked)));
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
    String fingerprint = fingerprint(plan);
    RunRecord.of(
            recipe,
            recipeFolder,
            texts,
            Map.of(recipe.lineup().mainName(), fingerprint),
            tools.started())
        .madeOf(otherModel(plan))
        .write(folder.provenance());
    try (CausalLanguageModel teacher = plan.teacher().weights();
        TokenTeacher heard =
            new TokenTeacher.Opening(context, plan, fingerprint, clock)
                .open(teacher, learnt.sequences().training());
        Tokenizer tokenizer = Tokenizer.open(plan.teacher().tokenizer())) {
      GenerationPhase phase =
          new GenerationPhase(
              plan,
              texts.noting(heard.findings()),
              learnt.sequences(),
              fingerprint,
              teacher,
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
    try (CausalLanguageModel teacher = plan.teacher().weights();
        TokenTeacher heard =
            new TokenTeacher.Opening(context, plan, fingerprint(plan), clock)
                .open(teacher, learnt.sequences().training())) {
      return heard.size();
    }
  }

  /// Hash of all that the teacher's answers depend on.
  private static String fingerprint(GenerationPlan plan) throws IOException {
    return Fingerprints.of(
        Fingerprints.ofFolder(plan.teacher().folder()), plan.recipe().mainTeacher().maxLength());
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
    DecoderConfig config = plan.teacher().config();
    context
        .listener()
        .phaseEnded(
            "models",
            "%s, %d layers, hidden size %d"
                .formatted(recipe.mainTeacher().model(), config.layers(), config.hiddenSize()));
    return plan;
  }

  /// All data in the teacher's tokens.
  ///
  /// @throws DataException if a split has nothing to learn
  static RunData tokenized(GenerationPlan plan, CheckedData checked) throws IOException {
    int maxLength = plan.recipe().mainTeacher().maxLength();
    try (Tokenizer tokenizer = Tokenizer.open(plan.teacher().tokenizer())) {
      TextEncoder encoder =
          encoder(plan.teacher(), plan.recipe().data().rows(), tokenizer, maxLength);
      RunData data = RunData.of(checked, encoder, tokenizer.padId(), maxLength);
      List<Finding> findings = new ArrayList<>(data.findings());
      data.all().stream()
          .map(GenerationDistillation::unlearnt)
          .flatMap(Optional::stream)
          .forEach(findings::add);
      if (encoder instanceof ConversationEncoder conversations) {
        findings.addAll(conversations.findings());
      }
      List<Finding> errors = findings.stream().filter(Finding::isError).toList();
      if (!errors.isEmpty()) {
        throw new DataException(errors);
      }
      return new RunData(data.train(), data.validation(), data.test(), data.training(), findings);
    }
  }

  /// How rows of this shape become what `model` reads.
  ///
  /// @throws ModelException if they are conversations and the model has no chat template
  static TextEncoder encoder(
      PretrainedDecoder model, RowShape rows, Tokenizer tokenizer, int maxLength) {
    return switch (rows) {
      case COLUMNS -> new CompletionEncoder(tokenizer, maxLength, model.endId());
      case CONVERSATIONS -> new ConversationEncoder(tokenizer, template(model), maxLength);
      case PREFERENCES -> encoder(model, Answer.CHOSEN, tokenizer, maxLength);
    };
  }

  /// How answers become what `model` reads.
  private static TextEncoder encoder(
      PretrainedDecoder model, Answer answer, Tokenizer tokenizer, int maxLength) {
    return ChatTemplate.isIn(model.folder())
        ? answer.under(template(model), tokenizer, maxLength)
        : answer.plain(tokenizer, maxLength, model.endId());
  }

  private static ChatTemplate template(PretrainedDecoder model) {
    try {
      return ChatTemplate.ofFolder(model.folder());
    } catch (ChatException | TemplateException e) {
      throw new ModelException(
          "data.rows: 'conversations' needs the model's chat template: " + e.getMessage(), e);
    }
  }

  /// The answers that were not preferred, if the data have such.
  static Optional<RunData> rejected(GenerationPlan plan, CheckedData checked) throws IOException {
    if (plan.recipe().data().rows() != RowShape.PREFERENCES) {
      return Optional.empty();
    }
    int maxLength = plan.recipe().mainTeacher().maxLength();
    try (Tokenizer tokenizer = Tokenizer.open(plan.teacher().tokenizer())) {
      TextEncoder encoder = encoder(plan.teacher(), Answer.REJECTED, tokenizer, maxLength);
      return Optional.of(RunData.of(checked, encoder, tokenizer.padId(), maxLength));
    }
  }

  /// Texts of which no token is left to be learnt, because the prompt takes all the room.
  private static Optional<Finding> unlearnt(TokenizedDataset texts) {
    int left = SequenceDataset.of(texts).size();
    if (left > 0 && left == texts.size()) {
      return Optional.empty();
    }
    return Optional.of(
        new Finding(
            left == 0 ? Finding.Severity.ERROR : Finding.Severity.WARNING,
            Optional.empty(),
            "%s: %d of %d texts left out, as their prompts leave no room for a completion; raise teacher.maxLength"
                .formatted(texts.dataset().name(), texts.size() - left, texts.size())));
  }
}
