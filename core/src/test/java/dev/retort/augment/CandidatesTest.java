package dev.retort.augment;

import static java.util.Comparator.comparingDouble;
import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.data.Example;
import dev.retort.data.MaskedBatch;
import dev.retort.data.TextBatch;
import dev.retort.model.EncoderNames;
import dev.retort.model.ForwardMode;
import dev.retort.model.MaskedLanguageModel;
import dev.retort.model.ModelWeights;
import dev.retort.model.Precision;
import dev.retort.model.Pretrained;
import dev.retort.runtime.Tokenizer;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What could stand in the place of a word, against the plainest way to find it: one word at a
/// time, all of the vocabulary sorted.
class CandidatesTest {

  /// The tokens of the tiny vocabulary that are words of more than one letter.
  private static final List<String> LONG =
      List.of(
              "the and is was not this that it to of in my you movie film good bad great very love",
              "hate like walk play happy cafe time day work service slow fast price never un hello",
              "world help fine book")
          .stream()
          .flatMap(line -> Stream.of(line.split(" ")))
          .toList();

  private static final int COUNT = 5;

  @TempDir Path root;

  private Pretrained pretrained;
  private MaskedLanguageModel model;
  private Tokenizer tokenizer;
  private WordVocabulary vocabulary;

  @BeforeEach
  void open() throws IOException {
    pretrained = Models.maskedLanguageModel(root);
    model = ModelWeights.maskedLanguageModel(pretrained);
    tokenizer = Tokenizer.open(pretrained.tokenizer());
    vocabulary = WordVocabulary.of(tokenizer, pretrained.config().vocabularySize());
  }

  @AfterEach
  void close() {
    model.close();
    tokenizer.close();
  }

  @Test
  void theVocabularyIsOfWholeWords() {
    List<String> words = Arrays.stream(vocabulary.ids()).mapToObj(vocabulary::word).toList();

    assertThat(words).hasSize(26 + 2 + LONG.size()).containsAll(LONG).contains("a", "z", "中", "文");
    assertThat(vocabulary.contains(tokenizer.encode("[MASK]", 9).ids()[1])).isFalse();
    assertThat(vocabulary.pieces("movie")).hasSize(1);
    assertThat(vocabulary.pieces("Walking")).hasSize(2);
    assertThat(vocabulary.pieces("дом")).isEmpty();
    assertThat(WordVocabulary.of(tokenizer, 90).contains(89)).isTrue();
    assertThat(WordVocabulary.of(tokenizer, 90).contains(90)).isFalse();
  }

  @Test
  void neighboursAreThoseOfTheGreatestCosine() throws IOException {
    Example example = Models.text("Good walking дом movie");
    List<Slot> slots = slots(example);
    try (Neighbours neighbours = neighbours()) {
      Map<Slot, List<String>> found = neighbours.of(slots);

      assertThat(found.get(slots.get(0))).isEqualTo(nearest("good"));
      assertThat(found.get(slots.get(1))).isEqualTo(nearest("walking")).doesNotContain("walk");
      assertThat(found.get(slots.get(2))).isEmpty();
      assertThat(found.get(slots.get(3))).isEqualTo(nearest("movie"));
      assertThat(neighbours.of(slots)).isEqualTo(found);
    }
  }

  @Test
  void theModelFindsTheLikeliestWordsOfEachPlace() throws IOException {
    Example some = Models.text("this movie was very good");
    Example other = Models.pair("the day", "it is not this movie");
    List<Slot> slots = Stream.of(some, other).flatMap(text -> slots(text).stream()).toList();
    try (MaskedCandidates candidates = candidates(pretrained.maxLength())) {
      Map<Slot, List<String>> found = candidates.of(slots);

      assertThat(found).hasSize(slots.size());
      assertThat(slots)
          .allSatisfy(slot -> assertThat(found.get(slot)).isEqualTo(likeliest(slot, 40)));
      assertThat(found.get(slots.get(1))).isNotEqualTo(found.get(slots.getLast()));
    }
  }

  @Test
  void wordsThatTheModelCannotFindHaveNeighbours() throws IOException {
    Example example = Models.text("walking the book");
    List<Slot> slots = slots(example);
    Slot own = slots(Models.text("the [MASK] book")).getLast();
    try (MaskedCandidates candidates = candidates(5)) {
      Map<Slot, List<String>> found =
          candidates.of(Stream.concat(slots.stream(), Stream.of(own)).toList());

      assertThat(found.get(slots.get(0))).isEqualTo(nearest("walking"));
      assertThat(found.get(slots.get(1))).isEqualTo(likeliest(slots.get(1), 5));
      assertThat(found.get(slots.get(2))).as("cut off").isEqualTo(nearest("book"));
      assertThat(found.get(own)).as("two masks").isEqualTo(nearest("book"));
    }
  }

  private static List<Slot> slots(Example example) {
    return Word.of(example).stream().map(word -> new Slot(example, word)).toList();
  }

  private Neighbours neighbours() throws IOException {
    return new Neighbours(vocabulary, ModelWeights.wordEmbeddings(pretrained), COUNT);
  }

  private MaskedCandidates candidates(int maxLength) throws IOException {
    return new MaskedCandidates(
        new MaskedCandidates.Reader(
            ModelWeights.maskedLanguageModel(pretrained), tokenizer, 4, maxLength, Precision.FP32),
        vocabulary,
        neighbours(),
        COUNT);
  }

  /// The twin of [Neighbours] for words in Latin letters: one pair of words after the other, in 64
  /// bits.
  private List<String> nearest(String word) {
    float[][] tableVD = model.parameters().get(EncoderNames.WORD).toFloatRows();
    int[] pieces = vocabulary.pieces(word);
    double[] mean = new double[tableVD[0].length];
    for (int piece : pieces) {
      Arrays.setAll(mean, i -> mean[i] + tableVD[piece][i]);
    }
    return best(
        id -> {
          double dot = 0;
          double squares = 0;
          for (int i = 0; i < mean.length; i++) {
            dot += mean[i] * tableVD[id][i];
            squares += (double) tableVD[id][i] * tableVD[id][i];
          }
          return dot / Math.sqrt(squares);
        },
        id -> Arrays.stream(pieces).noneMatch(piece -> piece == id));
  }

  /// The twin of [MaskedCandidates] for words in Latin letters: a batch of one text.
  private List<String> likeliest(Slot slot, int maxLength) {
    Example hidden = slot.word().hiddenIn(slot.example(), "[MASK]");
    var encoding =
        hidden
            .pair()
            .map(second -> tokenizer.encode(hidden.text(), second, maxLength))
            .orElseGet(() -> tokenizer.encode(hidden.text(), maxLength));
    long[] ids = Arrays.stream(encoding.ids()).asLongStream().toArray();
    long[] types = Arrays.stream(encoding.typeIds()).asLongStream().toArray();
    long[] mask = new long[ids.length];
    Arrays.fill(mask, 1);
    int place = IntStream.range(0, ids.length).filter(i -> ids[i] == 4).findFirst().orElseThrow();
    TextBatch text = new TextBatch(new int[] {0}, ids.length, ids, types, mask, new int[] {-1});
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      float[] logits =
          model
              .forward(new MaskedBatch(text, new long[] {place}, new int[1]), ForwardMode.EVALUATE)
              .logitsNV()
              .toFloats();
      return best(id -> logits[id], id -> !vocabulary.word(id).equals(slot.word().spelling()));
    }
  }

  private List<String> best(ToDoubleFunction<Integer> score, IntPredicate allowed) {
    return Arrays.stream(vocabulary.ids())
        .filter(allowed)
        .filter(id -> vocabulary.word(id).matches("[a-z]+"))
        .boxed()
        .sorted(comparingDouble(id -> -score.applyAsDouble(id)))
        .limit(COUNT)
        .map(vocabulary::word)
        .toList();
  }
}
