package dev.retort.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LeaksTest {
  private static final Dataset TRAIN =
      Examples.dataset("train", 2, "My card", "only in train", "  my  CARD ", "in validation");
  private static final Dataset VALIDATION =
      Examples.dataset("validation", 2, "in validation", "in both held out");
  private static final Dataset TEST =
      Examples.dataset("test", 2, "my card", "In both held out", "only in test");

  @Test
  void droppingLeavesTheTestDataAsTheyAre() {
    Splits resolved = Leaks.resolve(Examples.splits(TRAIN, VALIDATION, TEST), Leakage.DROP);

    assertThat(resolved.train().examples())
        .extracting(Example::text)
        .containsExactly("only in train");
    assertThat(resolved.validation().orElseThrow().examples())
        .extracting(Example::text)
        .containsExactly("in validation");
    assertThat(resolved.test()).contains(TEST);
    assertThat(resolved.findings())
        .extracting(Finding::toString)
        .containsExactly(
            "train.csv:3: warning: validation: 1 of 2 examples also in test; dropped",
            "train.csv:5: warning: train: 1 of 4 examples also in validation; dropped",
            "train.csv:2: warning: train: 2 of 3 examples also in test; dropped"
                + " (train.csv:2, train.csv:4)");
  }

  @Test
  void warningKeepsEverything() {
    Splits resolved = Leaks.resolve(Examples.splits(TRAIN, VALIDATION, TEST), Leakage.WARN);

    assertThat(resolved.all()).containsExactly(TRAIN, VALIDATION, TEST);
    assertThat(resolved.findings()).hasSize(3).noneMatch(Finding::isError);
  }

  @Test
  void refusingIsAnError() {
    Splits resolved = Leaks.resolve(Examples.splits(TRAIN, VALIDATION, TEST), Leakage.REFUSE);

    assertThat(resolved.findings()).hasSize(3).allMatch(Finding::isError);
    assertThat(resolved.findings().getLast().message()).contains("data.leakage: drop");
  }

  @Test
  void trainingOnTheTestFileIsAnErrorEvenWhenDropping() {
    Splits resolved = Leaks.resolve(Examples.splits(TEST, VALIDATION, TEST), Leakage.DROP);

    assertThat(resolved.findings().getLast())
        .matches(Finding::isError)
        .extracting(Finding::message)
        .asString()
        .contains("nothing else is left");
  }

  @ParameterizedTest
  @EnumSource
  void cleanDataGiveNoFinding(Leakage policy) {
    Dataset train = Examples.dataset("train", 2, "one", "two");
    Splits clean = Examples.splits(train, VALIDATION, Examples.dataset("test", 2, "three"));

    assertThat(Leaks.resolve(clean, policy)).isEqualTo(clean);
  }
}
