package dev.retort.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SplitsTest {
  private static final DataSettings SHARES = DataFolder.withShares("10%", "20%");

  @Test
  void sharesAreOfTheWholeAndPartTheData() {
    Dataset all = Examples.random(1000, 7, 8, 1);
    Splits splits = Splits.of(all, SHARES, 3);

    assertThat(splits.test().orElseThrow().size()).isEqualTo(200);
    assertThat(splits.validation().orElseThrow().size()).isEqualTo(100);
    assertThat(splits.all().stream().flatMap(data -> data.examples().stream()))
        .containsExactlyInAnyOrderElementsOf(all.examples());
    assertThat(splits.all())
        .extracting(Dataset::name)
        .containsExactly("train", "validation", "test");
  }

  @Test
  void everySplitHasTheSameMixOfClasses() {
    Dataset all = Examples.random(1000, 7, 8, 1);
    int[] expected = all.classCounts();

    for (Dataset heldOut : Splits.of(all, SHARES, 3).heldOut()) {
      double share = heldOut.size() / 1000.0;
      int[] counts = heldOut.classCounts();
      for (int label = 0; label < counts.length; label++) {
        assertThat((double) counts[label])
            .isBetween(expected[label] * share - 1, expected[label] * share + 1);
      }
    }
  }

  @Test
  void manySmallClassesStillGiveTheirShare() {
    List<Example> examples =
        IntStream.range(0, 231)
            .mapToObj(i -> Examples.example("text " + i, i % 77, i + 2))
            .toList();
    Splits splits = Splits.of(Examples.dataset("train", 77, examples), SHARES, 3);

    assertThat(splits.test().orElseThrow().size()).isEqualTo(46);
    assertThat(splits.train().classCounts()).doesNotContain(0);
  }

  @Test
  void theOrderOfRowsDoesNotMatterButTheSeedDoes() {
    Dataset all = Examples.random(300, 3, 8, 1);
    List<Example> shuffled = new ArrayList<>(all.examples());
    Collections.shuffle(shuffled, new Random(5));
    Dataset reordered = new Dataset("train", shuffled, all.labels());

    Set<Example> held = held(Splits.of(all, SHARES, 3));
    assertThat(held(Splits.of(reordered, SHARES, 3))).isEqualTo(held);
    assertThat(held(Splits.of(all, SHARES, 4))).isNotEqualTo(held);
  }

  private static Set<Example> held(Splits splits) {
    return new HashSet<>(splits.test().orElseThrow().examples());
  }

  @Test
  void aClassWithOneExampleStaysInTraining() {
    List<Example> examples =
        Stream.concat(
                IntStream.range(0, 20).mapToObj(i -> Examples.example("text " + i, 0, i + 2)),
                Stream.of(Examples.example("alone", 1, 30)))
            .toList();
    DataSettings halves = DataFolder.withShares("49%", "50%");
    for (long seed = 0; seed < 20; seed++) {
      Splits splits = Splits.of(Examples.dataset("train", 2, examples), halves, seed);
      assertThat(splits.train().examples()).extracting(Example::text).contains("alone");
    }
  }

  @Test
  void examplesWithTheSameTextStayTogether() {
    List<Example> examples =
        IntStream.range(0, 200)
            .mapToObj(i -> Examples.example((i % 2 == 0 ? "Text " : " text  ") + i / 2, 0, i + 2))
            .toList();
    Splits splits = Splits.of(Examples.dataset("train", 2, examples), SHARES, 3);

    assertThat(splits.heldOut()).allSatisfy(data -> assertThat(data.size()).isPositive().isEven());
    Set<String> train = new HashSet<>();
    splits.train().examples().forEach(example -> train.add(example.folded()));
    assertThat(splits.heldOut().stream().flatMap(data -> data.examples().stream()))
        .noneMatch(example -> train.contains(example.folded()));
  }

  @Test
  void unlabelledExamplesAreHeldOutOnlyIfAllAre() {
    List<Example> mixed =
        IntStream.range(0, 100).mapToObj(i -> Examples.example("t" + i, i % 3 - 1, i + 2)).toList();
    List<Example> none = mixed.stream().map(example -> example.withLabel(-1)).toList();

    Splits some = Splits.of(Examples.dataset("train", 2, mixed), SHARES, 3);
    assertThat(some.heldOut())
        .allSatisfy(data -> assertThat(data.examples()).isNotEmpty().allMatch(Example::isLabelled));
    Splits all = Splits.of(Examples.dataset("train", 2, none), SHARES, 3);
    assertThat(all.test().orElseThrow().size()).isEqualTo(20);
  }

  @Test
  void classesComeFromTrainingUnlessGiven(@TempDir Path folder) throws IOException {
    DataFolder data = new DataFolder(folder).write("train.csv", "text,label\na,10\nb,9\n");
    DataSettings settings = DataFolder.settings("train.csv");
    Labels given = Labels.of(List.of("10", "9", "8"));

    assertThat(data.read(settings).train().labels().names()).containsExactly("9", "10");
    Dataset train = Splits.read(settings, folder, 7, given).train();
    assertThat(train.labels()).isEqualTo(given);
    assertThat(train.examples()).extracting(Example::label).containsExactly(0, 1);
  }

  @Test
  void reportsMissingAndUnknownLabels(@TempDir Path folder) throws IOException {
    DataFolder data =
        new DataFolder(folder)
            .write("train.csv", "text,label\na,card\nb,cash\nc,\n")
            .write("test.csv", "text,label\nd,card\ne,cardd\nf,\ng,cardd\n");
    Splits splits =
        data.read(DataFolder.withTest(DataFolder.settings("train.csv"), "test.csv", Leakage.DROP));

    assertThat(splits.findings())
        .extracting(data::shown)
        .containsExactly(
            "train.csv:4: warning: train: 1 example without a label, to learn from the teacher"
                + " only",
            "test.csv:3: error: test: label 'cardd' is not one of the 2 classes of the training"
                + " data; did you mean 'card'? (test.csv:3, test.csv:5)",
            "test.csv:4: error: test: 1 example without a label; held-out examples need one each");
    assertThat(splits.test().orElseThrow().examples())
        .extracting(Example::label)
        .containsExactly(0, -1, -1, -1);
  }
}
