package dev.retort.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retort.data.AugmentSettings;
import dev.retort.data.AugmentSettings.By;
import dev.retort.data.Example;
import dev.retort.model.ModelWeights;
import dev.retort.model.Precision;
import dev.retort.model.Pretrained;
import dev.retort.runtime.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WordReplacementTest {

  private static final List<Example> TEXTS =
      List.of(
          Models.text("this movie was very good"),
          Models.text("12 !"),
          Models.pair("walking the book", "a slow day"));

  @TempDir Path root;

  private Pretrained model;

  @BeforeEach
  void open() throws IOException {
    model = Models.maskedLanguageModel(root);
  }

  @ParameterizedTest
  @EnumSource
  void equalSeedsMakeEqualCopies(By by) throws IOException {
    List<AugmentedText> copies = copies(by, 4, 0.5, TEXTS, 7);

    assertThat(copies(by, 4, 0.5, TEXTS, 7)).isEqualTo(copies);
    assertThat(copies(by, 4, 0.5, TEXTS, 8)).isNotEqualTo(copies);
    assertThat(copies(by, 5, 0.5, TEXTS, 7)).containsAll(copies);
  }

  /// A text's copies do not depend on those it is looked up with, but for its number.
  @ParameterizedTest
  @EnumSource
  void lookingUpTogetherChangesNothing(By by) throws IOException {
    List<AugmentedText> together = copies(by, 6, 0.5, TEXTS, 7);

    assertThat(copies(by, 6, 0.5, TEXTS.subList(0, 1), 7))
        .isNotEmpty()
        .isEqualTo(together.stream().filter(copy -> copy.row() == 0).toList());
  }

  @ParameterizedTest
  @EnumSource
  void atProbabilityOneEveryWordIsReplacedByACandidate(By by) throws IOException {
    List<AugmentedText> copies = copies(by, 30, 1, TEXTS, 7);
    List<Set<String>> seen = new ArrayList<>();

    for (AugmentedText copy : copies) {
      List<Word> before = Word.of(TEXTS.get(copy.row()));
      List<Word> after = Word.of(copy.example(TEXTS.get(copy.row())));
      assertThat(after).hasSameSizeAs(before);
      for (int i = 0; i < after.size(); i++) {
        assertThat(after.get(i).spelling()).isNotEqualTo(before.get(i).spelling());
        assertThat(candidates(by, TEXTS.get(copy.row()), before.get(i)))
            .contains(after.get(i).spelling());
      }
      if (copy.row() == 0) {
        seen.add(Set.copyOf(after.stream().map(Word::spelling).toList()));
      }
    }
    assertThat(copies).extracting(AugmentedText::row).containsOnly(0, 2).isSorted();
    assertThat(copies).doesNotHaveDuplicates();
    assertThat(seen.stream().flatMap(Set::stream).distinct()).hasSizeGreaterThan(5);
  }

  @Test
  void atProbabilityNearlyZeroNothingIsReplaced() throws IOException {
    assertThat(copies(By.EMBEDDINGS, 20, 1e-12, TEXTS, 7)).isEmpty();
  }

  @Test
  void asManyWordsAreReplacedAsTheProbabilitySays() throws IOException {
    String text = "this movie was very good ".repeat(400);

    Example copy =
        copies(By.EMBEDDINGS, 1, 0.3, List.of(Models.text(text)), 7)
            .getFirst()
            .example(Models.text(text));

    List<Word> before = Word.of(Models.text(text));
    List<Word> after = Word.of(copy);
    long replaced = 0;
    for (int i = 0; i < before.size(); i++) {
      replaced += before.get(i).spelling().equals(after.get(i).spelling()) ? 0 : 1;
    }
    // The deviation of the mean of 2,000 draws is 0.01.
    assertThat(replaced / 2000.0).isCloseTo(0.3, within(0.04));
  }

  @Test
  void aCopyDependsOnItsOwnRowAlone() throws IOException {
    List<Example> many = Collections.nCopies(40, TEXTS.get(0));
    try (WordReplacement replacement = open(By.EMBEDDINGS, 2, 0.5, 7)) {
      List<AugmentedText> all = replacement.copies(many, IntStream.range(0, 40));

      assertThat(replacement.copies(many, IntStream.range(25, 40)))
          .isNotEmpty()
          .isEqualTo(all.stream().filter(copy -> copy.row() >= 25).toList());
    }
  }

  @Test
  void settingsAreRefusedWithWhatIsAllowed() {
    assertThatThrownBy(() -> settings(By.EMBEDDINGS, 0, 0.5))
        .hasMessage("copies must be >= 1 but is 0");
    assertThatThrownBy(() -> settings(By.EMBEDDINGS, 1, 0))
        .hasMessage("probability must be > 0 but is 0");
    assertThatThrownBy(() -> settings(By.EMBEDDINGS, 1, 1.5))
        .hasMessage("probability must be in [0, 1] but is 1.5");
    assertThatThrownBy(() -> new AugmentSettings(By.EMBEDDINGS, 1, 1, 0, Optional.empty()))
        .hasMessage("candidates must be >= 1 but is 0");
    assertThatThrownBy(() -> new AugmentSettings(By.EMBEDDINGS, 1, 1, 1, Optional.of(" ")))
        .hasMessage("model must not be blank");
  }

  private List<String> candidates(By by, Example example, Word word) throws IOException {
    Slot slot = new Slot(example, word);
    try (Tokenizer tokenizer = Tokenizer.open(model.tokenizer())) {
      WordVocabulary vocabulary = WordVocabulary.of(tokenizer, model.config().vocabularySize());
      Neighbours neighbours = new Neighbours(vocabulary, ModelWeights.wordEmbeddings(model), 3);
      Candidates candidates =
          by == By.EMBEDDINGS
              ? neighbours
              : new MaskedCandidates(
                  MaskedCandidates.Reader.open(model, tokenizer, Precision.FP32),
                  vocabulary,
                  neighbours,
                  3);
      try (candidates) {
        return candidates.of(List.of(slot)).getOrDefault(slot, List.of());
      }
    }
  }

  private List<AugmentedText> copies(
      By by, int copies, double probability, List<Example> texts, long seed) throws IOException {
    try (WordReplacement replacement = open(by, copies, probability, seed)) {
      return replacement.copies(texts, IntStream.range(0, texts.size()));
    }
  }

  private WordReplacement open(By by, int copies, double probability, long seed)
      throws IOException {
    return WordReplacement.open(settings(by, copies, probability), model, Precision.FP32, seed);
  }

  private static AugmentSettings settings(By by, int copies, double probability) {
    return new AugmentSettings(by, copies, probability, 3, Optional.empty());
  }
}
