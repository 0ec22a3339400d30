package dev.retort.run;

import dev.retort.data.DataException;
import dev.retort.data.Finding;
import dev.retort.data.MaskedDataset;
import dev.retort.data.Masking;
import dev.retort.data.TokenizedDataset;
import dev.retort.model.Pretrained;
import dev.retort.runtime.Tokenizer;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// The data of a run that learns to find hidden tokens.
///
/// @param texts the whole texts
/// @param masking which tokens are hidden
record MaskedData(RunData texts, Masking masking) {

  /// The share of tokens that BERT was trained to find (Devlin et al. 2019).
  private static final double SHARE = 0.15;

  /// Hides tokens of `texts` as `tokenizer` allows.
  ///
  /// @throws RunException if the tokenizer has no token that hides others
  /// @throws DataException if a split has no text with a token that could be hidden
  static MaskedData of(RunData texts, Tokenizer tokenizer, Pretrained model, long seed)
      throws RunException {
    MaskedData data = new MaskedData(texts, masking(tokenizer, model, seed));
    requireTokens(texts.train(), data.train());
    requireTokens(texts.validation(), data.validation());
    requireTokens(texts.test(), data.test());
    return data;
  }

  /// How tokens of texts that `tokenizer` encodes are hidden from `model`.
  ///
  /// @throws RunException if the tokenizer has no token that hides others
  static Masking masking(Tokenizer tokenizer, Pretrained model, long seed) throws RunException {
    int maskId =
        tokenizer
            .maskId()
            .orElseThrow(() ->
                new RunException(
                    "%s names no [MASK] or <mask> token; task masked-lm needs one"
                        .formatted(model.tokenizer())));
    int vocabulary = Math.min(tokenizer.vocabularySize(), model.config().vocabularySize());
    return new Masking(SHARE, maskId, vocabulary, tokenizer.specialIds(), seed);
  }

  MaskedDataset train() {
    return MaskedDataset.of(texts.train(), masking);
  }

  MaskedDataset validation() {
    return MaskedDataset.of(texts.validation(), masking);
  }

  MaskedDataset test() {
    return MaskedDataset.of(texts.test(), masking);
  }

  /// @throws DataException if none of `texts` has a token that `masked` could hide
  static void requireTokens(TokenizedDataset texts, MaskedDataset masked) {
    boolean none =
        IntStream.range(0, masked.size()).allMatch(row -> masked.batch(row).labels().length == 0);
    if (none) {
      throw new DataException(
          List.of(
              new Finding(
                  Finding.Severity.ERROR,
                  Optional.empty(),
                  "%s: no text has a token that could be hidden; check data.text"
                      .formatted(texts.dataset().name()))));
    }
  }
}
