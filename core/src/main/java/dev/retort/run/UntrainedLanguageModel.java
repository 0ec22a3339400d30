package dev.retort.run;

import dev.retort.compress.DecoderPruning;
import dev.retort.data.SequenceDataset;
import dev.retort.data.TokenSequence;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.model.decoder.DecoderConfig;
import dev.retort.model.decoder.DecoderWeights;
import dev.retort.model.decoder.Lora;
import dev.retort.recipe.GenerationPlan;
import dev.retort.recipe.StudentSettings;
import dev.retort.recipe.TrainSettings;
import dev.retort.tensor.Seed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Makes the student of a plan as it is before training: cut from a model, from nothing, or with
/// fresh adapters.
///
/// @param plan what was asked for
/// @param texts what is learnt from
/// @param teacher who knows the language
record UntrainedLanguageModel(
    GenerationPlan plan, SequenceDataset texts, CausalLanguageModel teacher) {

  /// Tokens by which it is judged what of a model's width matters.
  private static final long CALIBRATION_TOKENS = 16_384;

  /// The deviation of a new matrix's numbers.
  private static final double DEVIATION = 0.02;

  /// The student with its first weights; the caller owns it.
  CausalLanguageModel get() throws IOException {
    Optional<Lora> lora = plan.recipe().student().lora();
    CausalLanguageModel whole = weights();
    if (lora.isEmpty()) {
      return whole;
    }
    TrainSettings train = plan.recipe().train();
    try (whole) {
      return whole.adapted(lora.get(), train.precision(), Seed.derive(train.seed(), 1));
    }
  }

  private CausalLanguageModel weights() throws IOException {
    StudentSettings student = plan.recipe().student();
    if (student.architecture().isPresent()) {
      long seed = plan.recipe().train().seed();
      return new CausalLanguageModel(
          plan.student(), DecoderWeights.random(plan.student(), DEVIATION, seed));
    }
    if (plan.source().equals(plan.teacher())) {
      return cut(teacher);
    }
    try (CausalLanguageModel other = plan.source().weights()) {
      return cut(other);
    }
  }

  private CausalLanguageModel cut(CausalLanguageModel whole) {
    DecoderConfig from = whole.config();
    DecoderConfig to = plan.student();
    DecoderConfig narrowed = from.resized(to.hiddenSize(), to.attention(), to.intermediateSize());
    List<Integer> layers = plan.recipe().student().layersOf(from.layers());
    if (narrowed.equals(from)) {
      return whole.withLayers(layers);
    }
    try (CausalLanguageModel narrow =
        DecoderPruning.of(whole, calibration(texts, CALIBRATION_TOKENS)).narrowed(narrowed)) {
      return narrow.withLayers(layers);
    }
  }

  /// Texts from all over the file, which may be sorted, that have at most `tokens` tokens; one at
  /// least.
  static SequenceDataset calibration(SequenceDataset texts, long tokens) {
    long all = texts.sequences().stream().mapToLong(TokenSequence::length).sum();
    long stride = Math.max(1, Math.ceilDiv(all, tokens));
    List<TokenSequence> chosen = new ArrayList<>();
    long left = tokens;
    for (long row = 0; row < texts.size(); row += stride) {
      TokenSequence text = texts.sequences().get(Math.toIntExact(row));
      if (chosen.isEmpty() || text.length() <= left) {
        chosen.add(text);
        left -= text.length();
      }
    }
    return new SequenceDataset(chosen);
  }
}
