package dev.retort.run;

import dev.retort.data.DataSettings;
import dev.retort.data.Dataset;
import dev.retort.data.SequenceDataset;
import dev.retort.data.Splits;
import dev.retort.data.TokenizedDataset;
import dev.retort.eval.Bootstrap;
import dev.retort.eval.Evaluation;
import dev.retort.eval.Metric;
import dev.retort.eval.Predictions;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.model.decoder.PretrainedDecoder;
import dev.retort.recipe.EvaluateSettings;
import dev.retort.runtime.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Measures a language model on data of the user's: the tokens it expects, the texts it writes, how
/// fast it does, and how far it is from a teacher.
///
/// Tokens are computed through libtorch: retort-runtime does not open such models.
///
/// @param data where the texts are; only `train` of its files is read
/// @param folder what relative paths start from
record LanguageModelEvaluating(DataSettings data, Path folder) {

  private static final long SEED = 7;

  /// The texts as tokens.
  private record Tokens(TokenizedDataset texts, TestTexts test) {

    SequenceDataset sequences() {
      return test.sequences();
    }
  }

  Evaluation evaluate(Path model, Optional<Path> teacher) throws IOException {
    PretrainedDecoder pretrained = PretrainedDecoder.read(model);
    Bootstrap bootstrap = Bootstrap.ofSeed(SEED);
    try (Tokenizer tokenizer = Tokenizer.open(pretrained.tokenizer());
        CausalLanguageModel weights = pretrained.weights()) {
      Tokens tokens = tokens(pretrained, tokenizer);
      Predictions said = tokens.test().predictions(weights);
      Evaluation evaluation =
          Evaluating.tokens(weights, said, pretrained.folder())
              .with(tokens.test().bitsPerByte(said, bootstrap));
      if (teacher.isPresent()) {
        double[] divergence = divergence(weights, PretrainedDecoder.read(teacher.get()), tokens);
        evaluation = evaluation.with(Metric.TEACHER_KL, bootstrap.mean(divergence));
      }
      Completing completing =
          Completing.of(
              pretrained,
              tokens.texts(),
              data.hasAnswers(),
              EvaluateSettings.USUAL,
              new Spelling(tokenizer));
      return completing.prompts().isEmpty()
          ? evaluation
          : evaluation
              .with(completing.scores(completing.written(weights)).measurements(bootstrap))
              .with(completing.speed(model).measurements(bootstrap));
    }
  }

  /// @throws RunException if the teacher reads other tokens
  private double[] divergence(CausalLanguageModel model, PretrainedDecoder teacher, Tokens tokens)
      throws IOException {
    try (Tokenizer tokenizer = Tokenizer.open(teacher.tokenizer());
        CausalLanguageModel weights = teacher.weights()) {
      if (!tokens(teacher, tokenizer).sequences().equals(tokens.sequences())) {
        throw new RunException(
            "%s turns the texts of %s into other tokens than the model does; a teacher it can be compared with has the same tokenizer, chat template and end of text"
                .formatted(teacher.folder(), data.train()));
      }
      return TeacherDivergence.from(weights).of(List.of(model), tokens.sequences()).getFirst();
    }
  }

  private Tokens tokens(PretrainedDecoder model, Tokenizer tokenizer) throws IOException {
    Dataset rows = Splits.read(data.withoutLabel(), folder, SEED).train();
    TokenizedDataset texts =
        TokenizedDataset.of(
            rows,
            TextReading.encoder(model, data.rows(), tokenizer, model.config().positions()),
            tokenizer.padId());
    return new Tokens(texts, TestTexts.of(model, texts));
  }
}
