package dev.retort.teacher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.data.Dataset;
import dev.retort.data.Example;
import dev.retort.data.Labels;
import dev.retort.data.Place;
import dev.retort.data.TextBatch;
import dev.retort.data.TokenizedDataset;
import dev.retort.runtime.Encoding;
import dev.retort.signal.Need;
import dev.retort.signal.Signals;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RereadingTest {

  private static final Set<Need> DISTRIBUTION = Set.of(Need.DISTRIBUTION);

  /// The texts as lengths of their words, `shift` longer.
  private static TokenizedDataset read(int shift, String... texts) {
    List<Example> examples =
        Stream.of(texts)
            .map(text -> new Example(text, Optional.empty(), 0, new Place(Path.of("t"), 1)))
            .toList();
    return TokenizedDataset.of(
        new Dataset("train", examples, Labels.of(List.of("a", "b"))),
        example -> {
          int[] ids =
              Stream.of(example.text().split(" ", -1))
                  .mapToInt(word -> word.length() + shift)
                  .toArray();
          return new Encoding(ids, new int[ids.length], false);
        },
        0);
  }

  /// Remembers what it was asked.
  private record Listening(List<TextBatch> heard) implements Teacher<TextBatch> {

    @Override
    public String name() {
      return "listening";
    }

    @Override
    public String fingerprint() {
      return "f";
    }

    @Override
    public Set<Need> offers() {
      return EnumSet.allOf(Need.class);
    }

    @Override
    public Signals ask(Question<TextBatch> question, Set<Need> needs) {
      heard.add(question.batch());
      return Signals.NONE;
    }

    @Override
    public void close() {
      heard.clear();
    }
  }

  @Test
  void theTeacherReadsTheSameTextsAsTokensOfItsOwn() {
    TokenizedDataset own = read(100, "a bb", "ccc d e", "ff");
    TokenizedDataset students = read(0, "a bb", "ccc d e", "ff");
    Listening teacher = new Listening(new ArrayList<>());

    new Rereading<>(teacher, own).ask(new Question<>(students, students.batch(2, 1)), DISTRIBUTION);

    assertThat(teacher.heard()).containsExactly(own.batch(2, 1));
  }

  @Test
  void otherTextsAreRefused() {
    TokenizedDataset own = read(100, "a bb", "ccc d e");
    TokenizedDataset students = read(0, "ccc d e", "a bb");
    Rereading<TextBatch> teacher = new Rereading<>(new Listening(new ArrayList<>()), own);

    assertThatThrownBy(() -> teacher.ask(new Question<>(students, students.batch(0)), DISTRIBUTION))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'listening' was asked about other examples than those it reads again");
  }

  @Test
  void whatBelongsToTokensIsNotOffered() {
    TokenizedDataset own = read(100, "a bb");
    TokenizedDataset students = read(0, "a bb");
    Rereading<TextBatch> teacher = new Rereading<>(new Listening(new ArrayList<>()), own);

    assertThat(teacher.offers())
        .contains(Need.DISTRIBUTION)
        .doesNotContain(Need.HIDDEN_STATES, Need.ATTENTION_SCORES, Need.ATTENTION_VECTORS);
    assertThatThrownBy(() ->
            teacher.ask(new Question<>(students, students.batch(0)), Set.of(Need.ATTENTION_SCORES)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[ATTENTION_SCORES] are needed, but 'listening'");
  }

  @Test
  void itsAnswersAreThoseOfTheTeacher() {
    Rereading<TextBatch> teacher =
        new Rereading<>(new Listening(new ArrayList<>()), read(100, "a"));

    assertThat(teacher.fingerprint()).isEqualTo("f");
    assertThat(teacher.name()).isEqualTo("listening");
  }
}
