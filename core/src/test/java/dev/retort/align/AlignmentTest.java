package dev.retort.align;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.data.TokenSequence;
import dev.retort.model.ModelException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlignmentTest {

  private static final List<String> PIECES =
      List.of(
          "the", " movie", " ", "  ", "good", "👩‍🚀", "👩", "日本", "本", "e\u0301", "é", "café",
          "\n", " day", "x", "🇩🇪");

  private Reader fine;
  private Reader coarse;
  private Reader pieces;

  @BeforeEach
  void open() throws IOException {
    fine = Reader.of("fine");
    coarse = Reader.of("coarse");
    pieces = Reader.of("pieces");
  }

  @AfterEach
  void close() {
    fine.close();
    coarse.close();
    pieces.close();
  }

  private static List<String> groups(Reader ours, Reader theirs, String... text) {
    TokenSequence student = ours.sequence(text);
    TokenSequence teacher = theirs.sequence(text);
    return align(ours, theirs, text).groups().stream()
        .map(group ->
            ours.spelt(student, group.student(), group.studentTokens())
                + " = "
                + theirs.spelt(teacher, group.teacher(), group.teacherTokens()))
        .toList();
  }

  private static Alignment align(Reader ours, Reader theirs, String... text) {
    return Alignment.of(
        ours.sequence(text),
        ours.spelling(),
        theirs.sequence(text),
        theirs.spelling(),
        text.length == 1);
  }

  @Test
  void groupsAreAsSmallAsTheyCanBe() {
    assertThat(groups(fine, coarse, "the", "the day was"))
        .containsExactly("th+e = the", " day =  day", " +w+a+s =  was", "<|end|> = </s>");
    assertThat(groups(coarse, fine, "the", "the day"))
        .containsExactly("the = th+e", " day =  day", "</s> = <|end|>");
  }

  /// Where neither model's tokens end in the middle of a word, several stand beside several.
  @Test
  void tokensThatCrossEachOtherAreOneGroup() {
    assertThat(groups(coarse, pieces, "the", "the movie was"))
        .containsExactly("the+ movie+ was =  the +movi+e +was", "</s> = </s>");
  }

  /// `<s>` is in front on one side, and its model learns the first token as well.
  @Test
  void aBeginningOnOneSideIsInNoGroup() {
    assertThat(groups(coarse, fine, "the day")).containsExactly(" day =  day", "</s> = <|end|>");
    assertThat(groups(coarse, pieces, "very good"))
        .containsExactly("very =  very", " good =  good", "</s> = </s>");
  }

  /// An offset of characters would put four tokens of the rocket at one place.
  @Test
  void partsOfACharacterHaveBytesOfTheirOwn() {
    assertThat(groups(fine, coarse, "the", "a 👩‍🚀 日本"))
        .containsExactly(
            "a = a",
            " +f0+9f+91+a9 =  👩",
            "e2+80 = e280",
            "8d+f0+9f+9a+80 = 8df09f9a80",
            " +e6+97+a5+e6+9c+ac =  日本",
            "<|end|> = </s>");
  }

  @ParameterizedTest
  @CsvSource({"fine,coarse", "coarse,fine", "coarse,pieces", "pieces,fine", "fine,fine"})
  void everyByteIsInOneGroupThatNothingDivides(String student, String teacher) throws IOException {
    try (Reader ours = Reader.of(student);
        Reader theirs = Reader.of(teacher)) {
      for (long seed = 0; seed < 60; seed++) {
        String text = text(new Random(seed));
        String[] row = {"good", text};
        TokenSequence read = ours.sequence(row);
        TokenSequence other = theirs.sequence(row);
        List<Group> groups = align(ours, theirs, row).groups();

        ByteArrayOutputStream covered = new ByteArrayOutputStream();
        for (Group group : groups.subList(0, groups.size() - 1)) {
          byte[] bytes = ours.bytes(read, group.student(), group.studentTokens());
          byte[] same = theirs.bytes(other, group.teacher(), group.teacherTokens());
          if (group.equals(groups.getFirst())) {
            bytes = unled(bytes, text);
            same = unled(same, text);
          }
          assertThat(same).as("'%s' (%d)", text, seed).isEqualTo(bytes);
          covered.writeBytes(bytes);
          Set<Integer> inside = inner(ours, read, group.student(), group.studentTokens());
          inside.retainAll(inner(theirs, other, group.teacher(), group.teacherTokens()));
          if (!group.equals(groups.getFirst())) {
            assertThat(inside).as("'%s' (%d)", text, seed).isEmpty();
          }
        }
        assertThat(covered.toString(StandardCharsets.UTF_8)).isEqualTo(text);
        Group last = groups.getLast();
        assertThat(read.ids()[last.student()]).isEqualTo(ours.spelling().endIds().getFirst());
        assertThat(other.ids()[last.teacher()]).isEqualTo(theirs.spelling().endIds().getFirst());
      }
    }
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder("day");
    for (int i = random.nextInt(9); i >= 0; i--) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return text.toString();
  }

  private static byte[] unled(byte[] bytes, String text) {
    return bytes[0] == ' ' && !text.startsWith(" ")
        ? Arrays.copyOfRange(bytes, 1, bytes.length)
        : bytes;
  }

  private static Set<Integer> inner(Reader reader, TokenSequence sequence, int first, int count) {
    Set<Integer> places = new HashSet<>();
    IntStream.range(1, count)
        .forEach(some -> places.add(reader.bytes(sequence, first, some).length));
    return places;
  }

  /// One tokenizer puts accents onto their letters before it begins.
  @Test
  void composedTextIsTheSameText() {
    TokenSequence plain = fine.sequence("a", "day e\u0301 day");
    TokenSequence composed = coarse.sequence("a", "day é day");

    List<Group> groups =
        Alignment.of(plain, fine.spelling(), composed, coarse.spelling(), false).groups();

    assertThat(groups)
        .extracting(group -> fine.spelt(plain, group.student(), group.studentTokens()))
        .containsExactly("day", " ", "e+cc+81", " day", "<|end|>");
  }

  /// What follows the first byte that differs is not aligned, and neither is the end.
  @Test
  void otherTextIsNotAligned() {
    TokenSequence student = fine.sequence("a", "the day was");
    TokenSequence teacher = coarse.sequence("a", "the day is");

    List<Group> groups =
        Alignment.of(student, fine.spelling(), teacher, coarse.spelling(), false).groups();

    assertThat(groups)
        .extracting(group -> fine.spelt(student, group.student(), group.studentTokens()))
        .startsWith("th+e", " day")
        .doesNotContain("<|end|>");
  }

  /// The teacher's text is cut off in the middle of an emoji.
  @Test
  void aTextThatIsCutOffIsAlignedAsFarAsItGoes() {
    TokenSequence student = coarse.sequence("a", "the day 👩‍🚀");
    TokenSequence whole = fine.sequence("a", "the day 👩‍🚀");
    TokenSequence teacher = TokenSequence.completion(Arrays.copyOf(whole.ids(), 6), 1);

    List<Group> groups =
        Alignment.of(student, coarse.spelling(), teacher, fine.spelling(), false).groups();

    assertThat(groups)
        .extracting(group -> coarse.spelt(student, group.student(), group.studentTokens()))
        .containsExactly("the", " day");
  }

  @Test
  void tokensThatSpellTheSameAreMapped() {
    VocabularyMap map = VocabularyMap.of(fine.spelling(), 262, pieces.spelling(), 310);
    int space = fine.sequence("a", " ").ids()[1];
    int day = fine.sequence("a", " day").ids()[1];

    assertThat(pieces.spelling().bytes().of(map.teacherOf()[space])).hasValue(new byte[] {' '});
    assertThat(pieces.spelling().bytes().of(map.teacherOf()[day]))
        .hasValue(" day".getBytes(StandardCharsets.UTF_8));
    assertThat(map.teacherOf()[0]).as("the ends").isEqualTo(2);
    assertThat(map.unmappedOfTeacher()).contains(0, 1).hasSize(310 - map.mapped());
    assertThat(map.unmappedOfStudent()).hasSize(262 - map.mapped());
    assertThat(VocabularyMap.of(fine.spelling(), 262, fine.spelling(), 262))
        .isEqualTo(VocabularyMap.same(262));
  }

  @Test
  void tokensThatDoNotTellTheirTextAreRefused(@TempDir Path folder) throws IOException {
    Path file = Path.of("src/test/resources/parity/tokenizer/tokenizer.json");
    Path broken = Files.writeString(folder.resolve("tokenizer.json"), "{");

    assertThatThrownBy(() -> TokenBytes.read(file))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("tokens of type WordPiece")
        .hasMessageContaining("cannot be aligned");
    assertThatThrownBy(() -> TokenBytes.read(broken))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("is not a readable tokenizer");
  }
}
