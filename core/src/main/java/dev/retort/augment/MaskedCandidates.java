package dev.retort.augment;

import dev.retort.data.Dataset;
import dev.retort.data.Labels;
import dev.retort.data.MaskedBatch;
import dev.retort.data.TextEncoder;
import dev.retort.data.TokenizedDataset;
import dev.retort.model.ForwardMode;
import dev.retort.model.MaskedLanguageModel;
import dev.retort.model.ModelException;
import dev.retort.model.ModelWeights;
import dev.retort.model.Precision;
import dev.retort.model.Pretrained;
import dev.retort.model.Sweep;
import dev.retort.runtime.Tokenizer;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// The likeliest words in a place, as a masked language model sees them that reads everything else
/// of the text.
///
/// A word of several tokens has its neighbours instead, as has a word that is cut off because the
/// model does not read as far.
final class MaskedCandidates implements Candidates {

  /// A masked language model and what it reads with.
  ///
  /// @param maskId the token that hides a word
  /// @param maxLength the longest text in tokens
  /// @param precision number format of the model's matrix products
  record Reader(
      MaskedLanguageModel model,
      Tokenizer tokenizer,
      int maskId,
      int maxLength,
      Precision precision) {

    /// Reads `model`, which `tokenizer` belongs to.
    ///
    /// @throws ModelException if it has no masked-LM head, or its tokenizer no mask
    static Reader open(Pretrained model, Tokenizer tokenizer, Precision precision)
        throws IOException {
      int maskId =
          tokenizer
              .maskId()
              .orElseThrow(() ->
                  new ModelException(
                      "%s names no [MASK] or <mask> token; use another data.augment.model, or by: embeddings"
                          .formatted(model.tokenizer())));
      return new Reader(
          ModelWeights.maskedLanguageModel(model), tokenizer, maskId, model.maxLength(), precision);
    }

    /// The texts of `slots` with the mask in the place of the word.
    TokenizedDataset hidden(List<Slot> slots) {
      String mask = tokenizer.decode(maskId);
      Dataset texts =
          new Dataset(
              "masked words",
              slots.stream().map(slot -> slot.word().hiddenIn(slot.example(), mask)).toList(),
              Labels.of(List.of()));
      return TokenizedDataset.of(texts, TextEncoder.of(tokenizer, maxLength), tokenizer.padId());
    }
  }

  private final Reader reader;
  private final WordVocabulary vocabulary;
  private final Neighbours neighbours;
  private final int count;

  /// @param neighbours those of words that the model cannot find, which belong to this from now on
  /// @param count how many words are found for a place
  MaskedCandidates(Reader reader, WordVocabulary vocabulary, Neighbours neighbours, int count) {
    this.reader = reader;
    this.vocabulary = vocabulary;
    this.neighbours = neighbours;
    this.count = count;
  }

  @Override
  public Map<Slot, List<String>> of(List<Slot> slots) {
    List<Slot> single =
        slots.stream()
            .filter(slot -> vocabulary.pieces(slot.word().spelling()).length == 1)
            .toList();
    TokenizedDataset hidden = reader.hidden(single);
    int[] shown = MaskedWords.shown(hidden, reader.maskId());
    Map<Slot, List<String>> candidates =
        likely(
            new MaskedWords(hidden.subset(shown), reader.maskId()),
            IntStream.of(shown).mapToObj(single::get).toList());
    candidates.putAll(
        neighbours.of(slots.stream().filter(slot -> !candidates.containsKey(slot)).toList()));
    return candidates;
  }

  /// What the model says of `slots`, each hidden in the row of `words` with its index.
  private Map<Slot, List<String>> likely(MaskedWords words, List<Slot> slots) {
    Map<Slot, List<String>> likely = new HashMap<>();
    Sweep.over(
        words,
        batch -> likeliest(batch, slots),
        (batch, found) -> {
          for (int i = 0; i < found.size(); i++) {
            likely.put(slots.get(batch.rows()[i]), found.get(i));
          }
        },
        _ -> {});
    return likely;
  }

  private List<List<String>> likeliest(MaskedBatch batch, List<Slot> slots) {
    float[][] logitsNV;
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      logitsNV =
          reader
              .model()
              .forward(batch, ForwardMode.evaluate(reader.precision()))
              .logitsNV()
              .toFloatRows();
    }
    return IntStream.range(0, logitsNV.length)
        .mapToObj(i -> {
          String spelling = slots.get(batch.rows()[i]).word().spelling();
          return Top.of(
                  logitsNV[i],
                  count,
                  id -> vocabulary.contains(id) && Word.isOther(vocabulary.word(id), spelling))
              .stream()
              .map(vocabulary::word)
              .toList();
        })
        .toList();
  }

  @Override
  public void close() {
    neighbours.close();
    reader.model().close();
  }
}
