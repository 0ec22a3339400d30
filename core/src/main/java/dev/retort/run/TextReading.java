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
import dev.retort.data.SequenceDataset;
import dev.retort.data.StepByStep;
import dev.retort.data.TextEncoder;
import dev.retort.data.TokenizedDataset;
import dev.retort.model.ModelException;
import dev.retort.model.decoder.PretrainedDecoder;
import dev.retort.recipe.Recipe;
import dev.retort.runtime.Encoding;
import dev.retort.runtime.Tokenizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How a language model reads the data of a recipe: in its own tokens, by its own chat template.
///
/// @param model who reads
/// @param recipe what the data are, and how much of a text is read
record TextReading(PretrainedDecoder model, Recipe recipe) {

  /// All data in the model's tokens.
  ///
  /// @throws DataException if a split has nothing to learn
  RunData of(CheckedData checked) throws IOException {
    try (Tokenizer tokenizer = Tokenizer.open(model.tokenizer())) {
      TextEncoder encoder = encoder(model, recipe.data().rows(), tokenizer, maxLength());
      RunData data = RunData.of(checked, asked(encoder), tokenizer.padId(), maxLength());
      List<Finding> findings = new ArrayList<>(data.findings());
      data.all().stream()
          .map(TextReading::unlearnt)
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

  /// The answers that were not preferred, if the data have such.
  Optional<RunData> rejected(CheckedData checked) throws IOException {
    if (recipe.data().rows() != RowShape.PREFERENCES) {
      return Optional.empty();
    }
    try (Tokenizer tokenizer = Tokenizer.open(model.tokenizer())) {
      TextEncoder encoder = encoder(model, Answer.REJECTED, tokenizer, maxLength());
      return Optional.of(RunData.of(checked, encoder, tokenizer.padId(), maxLength()));
    }
  }

  /// Texts whose answer is asked for say so, where others are asked for their reasons.
  private TextEncoder asked(TextEncoder encoder) {
    return recipe
        .data()
        .stepByStep()
        .<TextEncoder>map(steps -> example -> encoder.encode(steps.asksLabel(example)))
        .orElse(encoder);
  }

  /// The reasons for the answers, if they are learnt; nothing is learnt of texts without.
  ///
  /// @throws DataException if no training text has any
  Optional<RunData> rationales(CheckedData checked) throws IOException {
    if (recipe.data().stepByStep().isEmpty()) {
      return Optional.empty();
    }
    StepByStep steps = recipe.data().stepByStep().get();
    try (Tokenizer tokenizer = Tokenizer.open(model.tokenizer())) {
      TextEncoder encoder = new CompletionEncoder(tokenizer, maxLength(), model.endId());
      TextEncoder reasons =
          example ->
              steps
                  .asksRationale(example)
                  .map(encoder::encode)
                  .orElseGet(() -> unlearnt(encoder.encode(example)));
      RunData read = RunData.of(checked, reasons, tokenizer.padId(), maxLength());
      Finding found = withReasons(steps, read);
      if (found.isError()) {
        throw new DataException(List.of(found));
      }
      return Optional.of(
          new RunData(
              read.train(), read.validation(), read.test(), read.training(), List.of(found)));
    }
  }

  private static Encoding unlearnt(Encoding encoding) {
    return new Encoding(encoding.ids(), new int[encoding.length()], encoding.truncated());
  }

  private static Finding withReasons(StepByStep steps, RunData read) {
    int found = SequenceDataset.of(read.train()).size();
    return new Finding(
        found == 0 ? Finding.Severity.ERROR : Finding.Severity.INFO,
        Optional.empty(),
        found == 0
            ? "data.stepByStep: no training text has reasons in the column '%s' that fit into maxLength"
                .formatted(steps.rationale())
            : "step by step: %d of %d training texts have reasons; ask the student with '%s' before a text"
                .formatted(found, read.train().size(), steps.labelPrefix()));
  }

  private int maxLength() {
    return recipe.mainTeacher().maxLength();
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
