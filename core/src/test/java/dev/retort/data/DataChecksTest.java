package dev.retort.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataChecksTest {

  private static List<String> check(Dataset train) {
    Splits splits = new Splits(train, Optional.empty(), Optional.empty(), List.of());
    return DataChecks.check(splits).stream().map(Finding::toString).toList();
  }

  @Test
  void describesTheClassesOfCleanData() {
    assertThat(check(Examples.dataset("train", 2, "one", "two", "three")))
        .containsExactly(
            "note: train: 3 examples in 2 classes; the largest class has 2.0 times as many as the"
                + " smallest (smallest: class1 1, class0 2)");
  }

  @Test
  void listsTheFirstEmptyTextsAndCountsAll() {
    List<Example> examples = new ArrayList<>();
    IntStream.range(0, 7).forEach(i -> examples.add(Examples.example(" \t", i % 2, i + 2)));
    examples.add(new Example("a", Optional.of(""), 0, new Place(Examples.FILE, 9)));
    examples.add(new Example("a", Optional.of("b"), 1, new Place(Examples.FILE, 10)));

    assertThat(check(Examples.dataset("train", 2, examples)))
        .contains(
            "train.csv:2: error: train: 8 of 9 texts empty; remove these rows or fill them in"
                + " (train.csv:2, train.csv:3, train.csv:4, train.csv:5, train.csv:6 and 3 more)");
  }

  @Test
  void oneClassIsAnError() {
    assertThat(check(Examples.dataset("train", 1, "one", "two")))
        .containsExactly(
            "error: train: there is only one class, 'class0'; a classifier needs two (is data.label"
                + " right?)");
  }

  @Test
  void unlabelledDataHaveNoClassesToCheck() {
    Dataset train = Examples.dataset("train", 0, List.of(Examples.example("one", -1, 2)));
    assertThat(check(train)).isEmpty();
  }

  @Test
  void warnsOfImbalance() {
    List<Example> examples =
        IntStream.range(0, 110)
            .mapToObj(i -> Examples.example("text number " + i * i, i < 10 ? 1 : 0, i + 2))
            .toList();

    assertThat(check(Examples.dataset("train", 2, examples)))
        .singleElement()
        .asString()
        .startsWith("warning: train: 110 examples in 2 classes; the largest class has 10.0 times");
  }

  @Test
  void namesConflictingAndRepeatedTexts() {
    assertThat(check(Examples.dataset("train", 2, "My card", "my  card", "x", "y", "x", "z", "x")))
        .contains(
            "train.csv:2: warning: train: 2 examples with the text of another one but a"
                + " different label (train.csv:2, train.csv:3)",
            "train.csv:3: note: train: 3 repeated texts"
                + " (train.csv:3, train.csv:6, train.csv:8)");
  }

  @Test
  void namesClassesThatAreNeitherLearntNorTested() {
    Dataset train = Examples.dataset("train", 3, "one", "two");
    Dataset test = Examples.dataset("test", 3, "three");
    Splits splits = new Splits(train, Optional.empty(), Optional.of(test), List.of());

    assertThat(DataChecks.check(splits))
        .extracting(Finding::toString)
        .contains(
            "warning: train: no example has the class class2",
            "note: test: no example has the class class1, class2");
  }

  @Test
  void namesNearDuplicatesOfHeldOutData() {
    Dataset train = Examples.dataset("train", 2, "unrelated text", "how do i locate my card");
    Dataset test = Examples.dataset("test", 2, "How do I locate my card?", "another one");
    Splits splits = new Splits(train, Optional.empty(), Optional.of(test), List.of());

    assertThat(DataChecks.check(splits))
        .extracting(Finding::toString)
        .contains(
            "train.csv:3: warning: train: 1 example nearly the same as one in test, as"
                + " train.csv:3 is to train.csv:2 (95 % alike)");
  }

  @Test
  void putsErrorsFirst(@TempDir Path folder) throws IOException {
    DataFolder data =
        new DataFolder(folder)
            .write("train.csv", "text,label\na,x\na,x\nb,y\n,y\n")
            .write("test.csv", "text,label\nb,z\n");
    Splits splits =
        data.read(DataFolder.withTest(DataFolder.settings("train.csv"), "test.csv", Leakage.DROP));

    List<Finding> findings = DataChecks.check(splits);
    assertThat(findings)
        .extracting(Finding::severity)
        .isSortedAccordingTo(Comparator.naturalOrder())
        .containsOnlyOnce(Finding.Severity.WARNING)
        .contains(Finding.Severity.ERROR, Finding.Severity.INFO);
    assertThat(findings).containsAll(splits.findings());
  }

  @Test
  void countsTextsThatWereCut() {
    TokenizedDataset tokens =
        Examples.tokenized(Examples.dataset("train", 2, "a b c", "a b", "a b c d"), 2);

    assertThat(DataChecks.truncation(tokens, 2))
        .map(Finding::toString)
        .contains(
            "train.csv:2: warning: train: 2 of 3 texts cut, being longer than 2 tokens"
                + " (train.csv:2, train.csv:4)");
    assertThat(DataChecks.truncation(Examples.tokenized(tokens.dataset(), 4), 4)).isEmpty();
  }

  @Test
  void staysQuickOnTwentyThousandRows() {
    Dataset all = Examples.random(20_000, 20, 30, 2);
    Splits splits = Splits.of(all, DataFolder.withShares("10%", "10%"), 1);

    assertThat(DataChecks.check(splits)).noneMatch(Finding::isError);
    assertThat(splits.train().size()).isEqualTo(16_000);
  }
}
