package dev.retort.teacher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.data.TextBatch;
import dev.retort.data.TokenizedDataset;
import dev.retort.signal.Distribution;
import dev.retort.signal.Need;
import dev.retort.tensor.Scope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RoutedTeacherTest {

  private static final TokenizedDataset DATA =
      Texts.of(
          Texts.example("a", 0, "en"),
          Texts.example("bc", 0, "de"),
          Texts.example("def", 0, "en"),
          Texts.example("g", 0, "fr"),
          Texts.example("h", 0, "de"));

  private final FakeTeacher english =
      FakeTeacher.of("english", new float[] {1, 0, 0}, new float[3], new float[] {3, 0, 0});
  private final FakeTeacher german =
      FakeTeacher.of("german", new float[] {0, 1, 0}, new float[] {0, 2, 0});

  @Test
  void eachExampleIsAnsweredByItsTeacherInItsPlace() {
    try (Scope _ = Scope.open()) {
      Distribution.Dense answer = ask(routed(english, german), 2, 1, 4, 0);

      assertThat(answer.logitsNV().toFloatRows())
          .isDeepEqualTo(new float[][] {{3, 0, 0}, {0, 2, 0}, {0, 1, 0}, {1, 0, 0}});
    }
    assertThat(english.asked()).containsExactly(3L, 1L);
    assertThat(german.asked()).containsExactly(2L, 1L);
  }

  @Test
  void aTeacherThatNoExampleNamesIsNotAsked() {
    try (Scope _ = Scope.open()) {
      ask(routed(english, german), 0);
    }
    assertThat(german.asked()).isEmpty();
  }

  @Test
  void anExampleThatNamesNobodyIsRefused() {
    try (Scope _ = Scope.open()) {
      assertThatThrownBy(() -> ask(routed(english, german), 0, 3))
          .hasMessage("an example says 'fr', but teachers are known for [en, de] only");
    }
  }

  @Test
  void theFingerprintChangesWithTheRoutes() {
    assertThat(
            List.of(
                routed(english, german).fingerprint(),
                routed(german, english).fingerprint(),
                routed(english, english).fingerprint()))
        .doesNotHaveDuplicates();
  }

  @Test
  void aRecipeNamesTeachers() {
    Combination.Routing routing =
        new Combination.Routing("language", java.util.Map.of("de", "german", "en", "english"));
    List<Member<TextBatch>> members =
        List.of(new Member<>(english, 1, 1), new Member<>(german, 1, 1));
    try (Scope _ = Scope.open()) {
      assertThat(ask(routing.of(members), 1).logitsNV().toFloats()).containsExactly(0, 2, 0);
    }
    assertThatThrownBy(
            () -> new Combination.Routing("language", java.util.Map.of("de", "french")).of(members))
        .hasMessage("routes: 'french' is not one of [english, german]");
  }

  private static RoutedTeacher<TextBatch> routed(FakeTeacher english, FakeTeacher german) {
    SequencedMap<String, Teacher<TextBatch>> routes = new LinkedHashMap<>();
    routes.put("en", english);
    routes.put("de", german);
    return new RoutedTeacher<>(routes);
  }

  private static Distribution.Dense ask(Teacher<TextBatch> teacher, int... rows) {
    return (Distribution.Dense)
        teacher
            .ask(Texts.question(DATA, rows), Set.of(Need.DISTRIBUTION))
            .distribution()
            .orElseThrow();
  }
}
