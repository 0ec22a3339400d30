package dev.retort.data;

import dev.retort.runtime.Encoding;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What a language model is asked to continue, and how the data go on.
///
/// @param row index of the text in its dataset
/// @param ids the tokens to continue, at least one
/// @param reference the tokens that follow in the data
@SuppressWarnings("ArrayRecordComponent") // made once and read by the generator
public record Prompt(int row, int[] ids, int[] reference) {

  /// How prompts are made.
  ///
  /// @param answers whether the data say what is to be answered: then the prompt of a text is all
  ///   before its last completion, otherwise its first half
  /// @param longest tokens of a prompt at most
  /// @param followed tokens of the second half that are looked at, at most
  public record Cut(boolean answers, int longest, int followed) {}

  /// The prompts of those of `texts` that have one, in their order: texts that were not cut off,
  /// whose reference would have no end, and whose prompt is short enough.
  public static Stream<Prompt> of(TokenizedDataset texts, Cut cut) {
    return IntStream.range(0, texts.size())
        .mapToObj(row -> of(texts, row, cut))
        .flatMap(Optional::stream);
  }

  private static Optional<Prompt> of(TokenizedDataset texts, int row, Cut cut) {
    Encoding encoding = texts.encoding(row);
    int[] ids = encoding.ids();
    int half = ids.length / 2;
    int end =
        cut.answers() ? lastLearnt(encoding) + 1 : Math.min(ids.length, half + cut.followed());
    int begin = cut.answers() ? beginOfRun(encoding, end) : half;
    return encoding.truncated() || begin < 1 || begin == end || begin > cut.longest()
        ? Optional.empty()
        : Optional.of(
            new Prompt(row, Arrays.copyOf(ids, begin), Arrays.copyOfRange(ids, begin, end)));
  }

  /// The last token that is learnt, or −1.
  private static int lastLearnt(Encoding encoding) {
    int last = encoding.length() - 1;
    while (last >= 0 && encoding.typeIds()[last] == 0) {
      last--;
    }
    return last;
  }

  /// Where the learnt tokens before `end` begin.
  private static int beginOfRun(Encoding encoding, int end) {
    int begin = end;
    while (begin > 0 && encoding.typeIds()[begin - 1] == 1) {
      begin--;
    }
    return begin;
  }
}
