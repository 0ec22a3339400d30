package dev.retort.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class YamlReaderTest {

  private static Node read(String key, String yaml) {
    return Sample.yaml(yaml)
        .root()
        .entries()
        .getOrDefault(key, new Node.Empty(new Location.Nowhere()));
  }

  @Test
  void knowsWhereSettingsStand() {
    Node train = read("train", "# first\n\ntrain:\n  epochs: 3\n");
    assertThat(train.at()).isEqualTo(new Location.Mark(3, 1));
    assertThat(((Node.Mapping) train).entries().firstEntry().getValue())
        .isEqualTo(new Node.Scalar("3", true, new Location.Mark(4, 3)));
  }

  @Test
  void tellsItemsApartInOneLine() {
    assertThat(((Node.Sequence) read("a", "a: [x, y]\n")).items())
        .containsExactly(
            new Node.Scalar("x", false, new Location.Mark(1, 5)),
            new Node.Scalar("y", false, new Location.Mark(1, 8)));
  }

  @Test
  void followsAliasesWhichStandWhereTheyAreUsed() {
    String yaml = "a: &first {x: [1]}\nb: *first\nc: &text hello\nd: *text\n";
    Node.Mapping alias = (Node.Mapping) read("b", yaml);
    assertThat(alias.at()).isEqualTo(new Location.Mark(2, 1));
    assertThat(alias.entries()).isEqualTo(((Node.Mapping) read("a", yaml)).entries());
    assertThat(read("d", yaml)).isEqualTo(new Node.Scalar("hello", false, new Location.Mark(4, 1)));
  }

  @Test
  void mergesSettingsOfAnAnchorBelowItsOwn() {
    Node.Mapping merged =
        (Node.Mapping) read("b", "a: &first {x: 1, y: 2}\nb: {<<: *first, y: 3}\n");
    assertThat(merged.entries()).containsOnlyKeys("x", "y");
    assertThat(((Node.Scalar) merged.entries().lastEntry().getValue()).text())
        .isNotEqualTo(((Node.Scalar) merged.entries().firstEntry().getValue()).text());
    assertThat(merged.entries().values())
        .extracting(Node::found)
        .containsExactlyInAnyOrder("1", "3");
  }

  @Test
  void readsAFileAndIgnoresItsByteOrderMark(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("a.yaml");
    Files.writeString(file, "\uFEFFname: ä\n");
    assertThat(YamlReader.read(file).root().entries()).containsOnlyKeys("name");
    assertThat(YamlReader.read(file).source()).isEqualTo(file.toString());
  }

  @Test
  void namesAFileThatCannotBeRead(@TempDir Path folder) throws IOException {
    Path missing = folder.resolve("missing.yaml");
    assertThatThrownBy(() -> YamlReader.read(missing))
        .isInstanceOf(RecipeException.class)
        .hasMessage(missing + ": 1 problem\n  there is no such file");
    Path latin = folder.resolve("latin.yaml");
    Files.write(latin, new byte[] {'a', ':', ' ', (byte) 0xE4, '\n'});
    assertThatThrownBy(() -> YamlReader.read(latin))
        .hasMessage(latin + ": 1 problem\n  the file is not UTF-8 text");
    assertThatThrownBy(() -> YamlReader.read(folder)).isInstanceOf(RecipeException.class);
  }

  static Stream<Arguments> notRecipes() {
    return Stream.of(
        Arguments.of(
            "a: b: c\n",
            "line 1, column 5: this ':' starts a value where none can stand; put a"
                + " text that contains ': ' in quotes, and indent the settings of one section"
                + " alike"),
        Arguments.of("a:\n\t- b\n", "line 2, column 1: a tab cannot indent; use spaces"),
        Arguments.of(
            "a: [1, 2\n",
            "line 2, column 1: expected ',' or ']' to continue or close what opens in"
                + " line 1, column 4"),
        Arguments.of(
            "a: {b: 1\nc: 2\n",
            "line 2, column 2: expected ',' or '}' to continue or close what opens in"
                + " line 1, column 4"),
        Arguments.of(
            "a: 'abc\nb: 3\n", "line 1, column 4: the quote that opens here is never closed"),
        Arguments.of(
            "a: @b\n", "line 1, column 4: a value cannot start with '@'; put it in quotes"),
        Arguments.of(
            "a: %b\n", "line 1, column 4: a value cannot start with '%'; put it in quotes"),
        Arguments.of(
            "a:\n  - b\n c: 1\n",
            "line 3, column 2: this line does not belong to the lines above it;"
                + " indent the settings of one section alike"),
        Arguments.of("a: \"\\q\"\n", "line 1, column 6: found unknown escape character q(113)"),
        Arguments.of(
            "a: *b\n",
            "line 1, column 4: '*b' refers to an anchor; there is no '&b' above this line"),
        Arguments.of(
            "a: 1\nb:\n  c: 1\n  c: 2\n",
            "b.c (line 4): is set twice, first in line 3; keep one of the two"),
        Arguments.of(
            "a: 1\n---\nb: 2\n",
            "line 3, column 1: a second document starts here; a recipe is one"),
        Arguments.of("a: &x [1, *x]\n", "a (line 1): contains itself through an alias"),
        Arguments.of(
            "a:\n  b: !secret x\n",
            "a.b (line 2): the tag '!secret' has no meaning here; delete it"),
        Arguments.of(
            "a: 1\nb: x\u0007\n", "line 2, column 5: the character U+0007 is not allowed in YAML"),
        Arguments.of(
            "? [a]\n: b\n", "Non scalar key is detected but it is not configured to be allowed."),
        Arguments.of("", "the recipe is empty; it needs settings (key: value)"),
        Arguments.of("# nothing\n", "the recipe is empty; it needs settings (key: value)"),
        Arguments.of(
            "- a\n",
            "line 1, column 1: a recipe consists of settings (key: value) but this is a list"),
        Arguments.of(
            "hello\n",
            "line 1, column 1: a recipe consists of settings (key: value) but this is"
                + " the text 'hello'"));
  }

  @ParameterizedTest
  @MethodSource("notRecipes")
  void saysInPlainWordsWhatIsWrong(String yaml, String problem) {
    RecipeException e = catchThrowableOfType(RecipeException.class, () -> Sample.yaml(yaml));
    assertThat(e.problems()).singleElement().hasToString(problem);
  }
}
