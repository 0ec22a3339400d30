package dev.retort.augment;

import dev.retort.tensor.Functions;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Gatherers;

/// Words whose vectors point in the most similar directions: cosine over a table of word
/// embeddings.
///
/// A word of several tokens has the mean of their vectors, and none of these tokens as a neighbour.
/// The text around a word makes no difference.
final class Neighbours implements Candidates {

  /// Words that are compared with the whole vocabulary at once.
  private static final int BLOCK = 128;

  /// A word and its tokens.
  @SuppressWarnings("ArrayRecordComponent") // handed from one method to the next
  private record Spelled(String spelling, int[] pieces) {

    /// Whether the token `id` is another word, and no part of this one.
    boolean isOther(int id, WordVocabulary vocabulary) {
      return Arrays.stream(pieces).noneMatch(piece -> piece == id)
          && Word.isOther(vocabulary.word(id), spelling);
    }
  }

  private final WordVocabulary vocabulary;
  private final int[] ids;
  private final Tensor tableVD;
  private final Tensor directionsWD;
  private final int count;
  private final Map<String, List<String>> known = new HashMap<>();

  /// @param tableVD a vector for each token, which belongs to this from now on
  /// @param count how many neighbours a word has
  Neighbours(WordVocabulary vocabulary, Tensor tableVD, int count) {
    this.vocabulary = vocabulary;
    this.ids = vocabulary.ids();
    this.tableVD = tableVD;
    this.count = count;
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      this.directionsWD = Functions.normalize(tableVD.detach().indexSelect(0, tensor(ids))).keep();
    }
  }

  @Override
  public Map<Slot, List<String>> of(List<Slot> slots) {
    slots.stream()
        .map(slot -> slot.word().spelling())
        .distinct()
        .filter(spelling -> !known.containsKey(spelling))
        .map(spelling -> new Spelled(spelling, vocabulary.pieces(spelling)))
        .filter(word -> word.pieces().length > 0)
        .gather(Gatherers.windowFixed(BLOCK))
        .forEach(this::compare);
    Map<Slot, List<String>> candidates = new HashMap<>();
    slots.forEach(
        slot -> candidates.put(slot, known.getOrDefault(slot.word().spelling(), List.of())));
    return candidates;
  }

  private void compare(List<Spelled> words) {
    float[][] cosinesNW = cosines(words);
    for (int i = 0; i < words.size(); i++) {
      Spelled word = words.get(i);
      List<Integer> nearest =
          Top.of(cosinesNW[i], count, column -> word.isOther(ids[column], vocabulary));
      known.put(
          word.spelling(), nearest.stream().map(column -> vocabulary.word(ids[column])).toList());
    }
  }

  private float[][] cosines(List<Spelled> words) {
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      List<Tensor> means =
          words.stream()
              .map(word -> tableVD.detach().indexSelect(0, tensor(word.pieces())).mean(0, true))
              .toList();
      Tensor wordsND = Functions.normalize(Tensors.concatenate(means, 0));
      return wordsND.matmul(directionsWD.transpose(0, 1)).toFloatRows();
    }
  }

  private static Tensor tensor(int[] ids) {
    return Tensors.of(Arrays.stream(ids).asLongStream().toArray(), ids.length);
  }

  @Override
  public void close() {
    tableVD.close();
    directionsWD.close();
  }
}
