package dev.retort.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.catalog.RecipeException;
import dev.retort.teacher.Combination;
import dev.retort.teacher.Weighting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineupTest {

  @TempDir Path folder;

  @Test
  void oneTeacherIsCalledTeacher() throws IOException {
    Lineup lineup = recipe("teacher: {model: a}").lineup();

    assertThat(lineup.teachers()).containsOnlyKeys("teacher");
    assertThat(lineup.combination()).isEmpty();
    assertThat(lineup.main().model()).isEqualTo("a");
    assertThat(lineup.path("teacher")).isEqualTo("teacher");
  }

  @Test
  void severalTeachersAreNumberedAndMixed() throws IOException {
    Lineup lineup =
        recipe("teachers: [{model: a, seed: 1}, {model: a, seed: 2}, {model: b, name: big}]")
            .lineup();

    assertThat(lineup.teachers().sequencedKeySet())
        .containsExactly("teacher-1", "teacher-2", "big");
    assertThat(lineup.combination()).contains(new Combination.Mixture(new Weighting.Fixed()));
    assertThat(lineup.mainName()).isEqualTo("teacher-1");
    assertThat(lineup.path("big")).isEqualTo("teachers[2]");
  }

  @Test
  void theStudentMayBeCutFromAnotherThanTheFirst() throws IOException {
    Recipe recipe =
        recipe("teachers: [{model: a}, {model: b, name: big}]\nstudent: {teacher: big}");

    assertThat(recipe.mainTeacher().model()).isEqualTo("b");
  }

  @Test
  void combinationsAreNamed() throws IOException {
    String teachers = "teachers: [{model: a}, {model: b}]\ncombine: ";

    assertThat(combination(teachers + "logit-average"))
        .contains(new Combination.LogitAverage(new Weighting.Fixed()));
    assertThat(combination(teachers + "{use: mixture, weighting: {use: quality, power: 3}}"))
        .contains(new Combination.Mixture(new Weighting.Quality(3)));
    assertThat(combination(teachers + "{use: mixture, weighting: {use: confidence, by: label}}"))
        .contains(
            new Combination.Mixture(new Weighting.Confidence(Weighting.Confidence.Sign.LABEL)));
    assertThat(
            combination(
                teachers
                    + "{use: routing, column: language, routes: {en: teacher-1, de: teacher-2}}"))
        .contains(
            new Combination.Routing("language", Map.of("en", "teacher-1", "de", "teacher-2")));
  }

  @Test
  void recipesWithSeveralTeachersAreWrittenAsTheyAreRead() throws IOException {
    Recipe recipe =
        recipe(
            "teachers: [{model: a, maxLength: 64}, {model: b, seed: 3}]\n"
                + "combine: {use: routing, column: c, routes: {x: teacher-1, y: teacher-2}}");
    Path file = folder.resolve("again.yaml");
    Files.writeString(file, Recipes.write(recipe));

    assertThat(Recipes.read(file, List.of())).isEqualTo(recipe);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "student: {} | teacher: is missing; name one under `teacher`, or several under `teachers`",
        "teacher: {model: a}%teachers: [{model: b}] | teachers (line 4): stands beside `teacher`; a recipe has one of the two",
        "teachers: [{model: a}] | teachers (line 3): holds one teacher; a single one belongs to `teacher`",
        "teacher: {model: a}%combine: mixture | combine (line 4): is for several `teachers`, but there is one",
        "teachers: [{model: a}, {model: a}] | teachers[1] (line 3): is the same model as teachers[0], trained alike; give it a `seed` of its own",
        "teachers: [{model: a, name: x}, {model: b, name: x}] | teachers[1].name (line 3): is 'x', as another teacher's",
        "teachers: [{model: a, name: x y}, {model: b}] | teachers[0].name (line 3): must be letters",
        "teachers: [{model: a, name: student}, {model: b}] | teachers[0].name (line 3): is 'student', which means something else in reports",
        "teachers: [{model: a}, {model: b}]%student: {teacher: big} | student.teacher (line 4): is 'big', but the teachers are [teacher-1, teacher-2]",
        "teachers: [{model: a}, {model: b}]%combine: {use: routing, column: c, routes: {en: x}} | combine.routes.en (line 4): leads to 'x', but the teachers are [teacher-1, teacher-2]",
        "teachers: [{model: a}, {model: b}]%combine: {use: routing, column: c, routes: {en: teacher-1}} | combine.routes (line 4): leads nobody to [teacher-2]",
        "teachers: [{model: a, weight: 2}, {model: b}]%combine: {use: routing, column: c, routes: {x: teacher-1, y: teacher-2}} | teachers (line 3): give 'teacher-1' a weight, but routing asks one teacher at a time"
      })
  void contradictionsAreRefused(String settings, String message) {
    assertThatThrownBy(() -> recipe(settings.replace("%", "\n")))
        .isInstanceOf(RecipeException.class)
        .extracting(problem -> ((RecipeException) problem).problems().getFirst().toString())
        .asString()
        .startsWith(message);
  }

  private Optional<Combination> combination(String settings) throws IOException {
    return recipe(settings).lineup().combination();
  }

  private Recipe recipe(String settings) throws IOException {
    Path file = folder.resolve("recipe.yaml");
    Files.writeString(file, "name: test\ndata: {train: train.csv}\n" + settings + "\n");
    return Recipes.read(file, List.of());
  }
}
