package dev.retort.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.runtime.Encoding;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PromptTest {

  private static final Prompt.Cut ANSWERS = new Prompt.Cut(true, 4, 2);
  private static final Prompt.Cut HALVES = new Prompt.Cut(false, 4, 2);

  @Test
  void thePromptIsAllBeforeTheLastCompletion() {
    TokenizedDataset texts =
        texts(
            encoding(new int[] {1, 2, 3, 4}, new int[] {0, 0, 1, 1}, false),
            // Two turns of the assistant, and something behind them.
            encoding(new int[] {1, 2, 3, 4, 5, 6}, new int[] {0, 1, 0, 0, 1, 0}, false));

    List<Prompt> prompts = Prompt.of(texts, ANSWERS).toList();

    assertThat(prompts).extracting(Prompt::row).containsExactly(0, 1);
    assertThat(prompts.get(0).ids()).containsExactly(1, 2);
    assertThat(prompts.get(0).reference()).containsExactly(3, 4);
    assertThat(prompts.get(1).ids()).containsExactly(1, 2, 3, 4);
    assertThat(prompts.get(1).reference()).containsExactly(5);
  }

  @Test
  void aTextWithoutAnAnswerIsCutInHalf() {
    TokenizedDataset texts =
        texts(
            encoding(new int[] {1, 2, 3, 4, 5, 6, 7}, new int[] {0, 1, 1, 1, 1, 1, 1}, false),
            encoding(new int[] {1, 2}, new int[] {0, 1}, false),
            encoding(new int[] {1}, new int[] {0}, false));

    List<Prompt> prompts = Prompt.of(texts, HALVES).toList();

    assertThat(prompts).extracting(Prompt::row).containsExactly(0, 1);
    assertThat(prompts.get(0).ids()).containsExactly(1, 2, 3);
    assertThat(prompts.get(0).reference()).containsExactly(4, 5);
    assertThat(prompts.get(1).ids()).containsExactly(1);
    assertThat(prompts.get(1).reference()).containsExactly(2);
  }

  @Test
  void textsWithoutAPromptOrAnEndAreLeftOut() {
    TokenizedDataset texts =
        texts(
            encoding(new int[] {1, 2, 3}, new int[] {0, 1, 1}, true),
            encoding(new int[] {1, 2, 3}, new int[] {0, 0, 0}, false),
            encoding(new int[] {1, 2, 3}, new int[] {1, 1, 1}, false),
            encoding(new int[] {1, 2, 3, 4, 5, 6}, new int[] {0, 0, 0, 0, 0, 1}, false),
            encoding(new int[] {7, 8}, new int[] {0, 1}, false),
            encoding(new int[] {7, 9}, new int[] {0, 1}, false));

    assertThat(Prompt.of(texts, ANSWERS)).extracting(Prompt::row).containsExactly(4, 5);
  }

  private static Encoding encoding(int[] ids, int[] learnt, boolean truncated) {
    return new Encoding(ids, learnt, truncated);
  }

  private static TokenizedDataset texts(Encoding... encodings) {
    List<Example> examples =
        IntStream.range(0, encodings.length)
            .mapToObj(row -> Examples.example("t" + row, 0, row + 2))
            .toList();
    return TokenizedDataset.of(
        Examples.dataset("test", 1, examples),
        example -> encodings[Integer.parseInt(example.text().substring(1))],
        0);
  }
}
