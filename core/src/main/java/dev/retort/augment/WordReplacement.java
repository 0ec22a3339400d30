package dev.retort.augment;

import com.dynatrace.hash4j.hashing.Hashing;
import dev.retort.data.AugmentSettings;
import dev.retort.data.Example;
import dev.retort.model.ModelException;
import dev.retort.model.ModelWeights;
import dev.retort.model.Precision;
import dev.retort.model.Pretrained;
import dev.retort.runtime.Tokenizer;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Makes copies of texts in which words are replaced (Jiao et al. 2020, *TinyBERT*, algorithm 1).
///
/// Each word of a copy is replaced with a given probability, by one of its candidates, all equally
/// likely. Candidates are those of the place in the original text, whatever else of the copy is
/// replaced, as in the authors' program; so they are looked up once for all copies, many at a time.
public final class WordReplacement implements AutoCloseable {

  /// A copy before its words are known.
  ///
  /// @param row index of the text
  /// @param chosen the slots of words that are replaced, each with what decides by which candidate,
  ///   in [0, 1)
  private record Draft(int row, SequencedMap<Slot, Double> chosen) {}

  private final AugmentSettings settings;
  private final long seed;
  private final Tokenizer tokenizer;
  private final Candidates candidates;

  private WordReplacement(
      AugmentSettings settings, long seed, Tokenizer tokenizer, Candidates candidates) {
    this.settings = settings;
    this.seed = seed;
    this.tokenizer = tokenizer;
    this.candidates = candidates;
  }

  /// Reads of `model` what `settings` need.
  ///
  /// @param precision number format in which a masked language model computes
  /// @param seed decides which words are replaced, and by what
  /// @throws ModelException if words are to be found by a masked-LM head, and `model` has none
  public static WordReplacement open(
      AugmentSettings settings, Pretrained model, Precision precision, long seed)
      throws IOException {
    Tokenizer tokenizer = Tokenizer.open(model.tokenizer());
    try {
      return new WordReplacement(
          settings, seed, tokenizer, candidates(settings, model, precision, tokenizer));
    } catch (IOException | RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  private static Candidates candidates(
      AugmentSettings settings, Pretrained model, Precision precision, Tokenizer tokenizer)
      throws IOException {
    WordVocabulary vocabulary = WordVocabulary.of(tokenizer, model.config().vocabularySize());
    Neighbours neighbours =
        new Neighbours(vocabulary, ModelWeights.wordEmbeddings(model), settings.candidates());
    if (settings.by() == AugmentSettings.By.EMBEDDINGS) {
      return neighbours;
    }
    try {
      MaskedCandidates.Reader reader = MaskedCandidates.Reader.open(model, tokenizer, precision);
      return new MaskedCandidates(reader, vocabulary, neighbours, settings.candidates());
    } catch (IOException | RuntimeException e) {
      neighbours.close();
      throw e;
    }
  }

  /// Copies of the examples in `rows`, in their order; none that is as the text it was made of, and
  /// no two that are alike of one text. A copy depends on the row it is made of and on no other.
  public List<AugmentedText> copies(List<Example> examples, IntStream rows) {
    List<Draft> drafts = rows.boxed().flatMap(row -> drafts(row, examples.get(row))).toList();
    List<Slot> slots =
        drafts.stream().flatMap(draft -> draft.chosen().keySet().stream()).distinct().toList();
    Map<Slot, List<String>> found = candidates.of(slots);
    return drafts.stream()
        .flatMap(draft -> copy(draft, examples.get(draft.row()), found).stream())
        .distinct()
        .toList();
  }

  private Stream<Draft> drafts(int row, Example example) {
    List<Word> words = Word.of(example);
    return IntStream.range(0, settings.copies())
        .mapToObj(copy -> {
          Random random = new Random(Hashing.komihash5_0().hashLongLongLongToLong(seed, row, copy));
          SequencedMap<Slot, Double> chosen = new LinkedHashMap<>();
          for (Word word : words) {
            boolean replaced = random.nextDouble() < settings.probability();
            double choice = random.nextDouble();
            if (replaced) {
              chosen.put(new Slot(example, word), choice);
            }
          }
          return new Draft(row, chosen);
        });
  }

  private static Optional<AugmentedText> copy(
      Draft draft, Example example, Map<Slot, List<String>> found) {
    Map<Word, String> others = new HashMap<>();
    draft
        .chosen()
        .forEach((slot, choice) -> {
          List<String> words = found.getOrDefault(slot, List.of());
          if (!words.isEmpty()) {
            String other = words.get((int) (choice * words.size()));
            others.put(slot.word(), slot.word().capitalized(other));
          }
        });
    if (others.isEmpty()) {
      return Optional.empty();
    }
    Example copy = Word.replaced(example, others);
    return Optional.of(new AugmentedText(draft.row(), copy.text(), copy.pair()));
  }

  @Override
  public void close() {
    candidates.close();
    tokenizer.close();
  }
}
