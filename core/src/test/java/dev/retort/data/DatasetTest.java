package dev.retort.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DatasetTest {
  private static final Place HERE = new Place(Path.of("a.csv"), 3);

  @Test
  void contentKeyIsSha256OfTheLengthPrefixedTexts() {
    // python: sha256(pack('>i', len(text)) + text)[:16], for a pair the same of both in a row
    assertThat(Examples.example("Wo ist meine Karte? ü", 0, 2).contentKey())
        .isEqualTo("738e305ccb596844da828aaf171952c1");
    assertThat(new Example("a", Optional.of("b"), 0, HERE).contentKey())
        .isEqualTo("16275ef0f5d0eb9dd9e0a53277549fda");
  }

  @Test
  void contentKeyDependsOnNothingButTheTexts() {
    String key = new Example("ab", Optional.of("c"), 0, HERE).contentKey();

    assertThat(new Example("ab", Optional.of("c"), -1, Place.of(HERE.file())).contentKey())
        .isEqualTo(key);
    assertThat(
            List.of(
                new Example("a", Optional.of("bc"), 0, HERE).contentKey(),
                new Example("abc", Optional.empty(), 0, HERE).contentKey(),
                new Example("ab", Optional.of("c "), 0, HERE).contentKey(),
                new Example("Ab", Optional.of("c"), 0, HERE).contentKey()))
        .doesNotContain(key)
        .doesNotHaveDuplicates();
  }

  @Test
  void hashCoversClassesTextsLabelsAndOrder() {
    Example a = Examples.example("a", 1, 2);
    Example b = Examples.example("b", 0, 3);
    Labels labels = Labels.of(List.of("n", "y"));
    String hash = new Dataset("train", List.of(a, b), labels).hash();

    assertThat(hash).isEqualTo("738d5dc5c3a61b035e505fd1341982e70b0b497c745b97f7d10218b14cb02033");
    assertThat(new Dataset("other", List.of(a, Examples.example("b", 0, 9)), labels).hash())
        .isEqualTo(hash);
    assertThat(
            List.of(
                new Dataset("train", List.of(b, a), labels).hash(),
                new Dataset("train", List.of(a), labels).hash(),
                new Dataset("train", List.of(a, b.withLabel(-1)), labels).hash(),
                new Dataset("train", List.of(a, b), Labels.of(List.of("y", "n"))).hash()))
        .doesNotContain(hash)
        .doesNotHaveDuplicates();
  }

  @Test
  void refusesLabelsOutsideTheClasses() {
    assertThatThrownBy(() -> Examples.dataset("train", 2, List.of(Examples.example("a", 2, 5))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("train.csv:5: label index 2 is not below the number of classes, 2");
    assertThatThrownBy(() -> Examples.example("a", -2, 5))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void countsExamplesByClass() {
    Dataset data = Examples.dataset("train", 2, "a", "b", "c");
    assertThat(data.classCounts()).containsExactly(2, 1);
  }

  @Test
  void foldingIgnoresCaseAndWhiteSpaceOnly() {
    assertThat(Examples.example(" My\t CARD\u00A0\n is here. ", 0, 1).folded())
        .isEqualTo("my card is here.");
    assertThat(new Example("A ", Optional.of(" B"), 0, HERE).folded()).isEqualTo("a\nb");
  }

  @Test
  void labelsCanBeHiddenAndAnswersAreStillFound() {
    TokenizedDataset data =
        Examples.tokenized(Examples.dataset("test", 2, "one card", "two cards"), 9);

    TokenizedDataset hidden = data.unlabelled();

    assertThat(data.batch(0, 1).labels()).containsExactly(0, 1);
    assertThat(hidden.batch(0, 1).labels()).containsExactly(Example.UNLABELLED, Example.UNLABELLED);
    assertThat(hidden.contentKeys(0, 1)).isEqualTo(data.contentKeys(0, 1));
  }
}
