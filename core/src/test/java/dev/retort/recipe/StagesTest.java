package dev.retort.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retort.catalog.RecipeException;
import dev.retort.objective.CrossEntropy;
import dev.retort.objective.ForwardKl;
import dev.retort.signal.Need;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagesTest {

  private static final String STAGES =
      """
      train: {learningRate: 1e-3, seed: 3, schedule: cosine}
      stages:
        - {name: intermediate, data: wiki/*.txt, objective: [{use: hidden-mse}],
           train: {epochs: 2, schedule: {use: constant}}}
        - {name: prediction, objective: [{use: forward-kl}, {use: logit-mse, from: ema}]}
      """;

  @TempDir Path folder;

  @Test
  void aStageSaysOnlyWhatIsDifferentAboutIt() throws IOException {
    Recipe recipe = read(STAGES);

    assertThat(recipe.training()).isEqualTo(recipe.stages()).hasSize(2);
    TrainSettings first = recipe.stages().getFirst().train();
    assertThat(first.epochs()).isEqualTo(2);
    assertThat(first.learningRate()).isEqualTo(1e-3);
    assertThat(first.seed()).isEqualTo(3);
    assertThat(first.schedule()).isEqualTo(new Schedule.Constant(0));
    assertThat(recipe.stages().getLast().train()).isEqualTo(recipe.train());
    assertThat(recipe.objective()).isEmpty();
    assertThat(recipe.terms().keySet())
        .containsExactly(
            "stages[0].objective[0]", "stages[1].objective[0]", "stages[1].objective[1]");
  }

  @Test
  void whatIsWrittenWithEveryDefaultReadsBackEqual() throws IOException {
    Recipe recipe = read(STAGES);
    Path written = Files.writeString(folder.resolve("written.yaml"), Recipes.write(recipe));

    assertThat(Recipes.read(written, List.of())).isEqualTo(recipe);
  }

  @Test
  void overridesReachOneStageOrAll() throws IOException {
    Path file = write(STAGES);

    Recipe all = Recipes.read(file, List.of("train.epochs=9"));
    Recipe one = Recipes.read(file, List.of("stages[1].train.epochs=4"));

    assertThat(all.stages()).extracting(stage -> stage.train().epochs()).containsExactly(2, 9);
    assertThat(one.stages()).extracting(stage -> stage.train().epochs()).containsExactly(2, 4);
  }

  @Test
  void withoutStagesThereIsOneOfTheRecipesOwn() throws IOException {
    Recipe recipe = read("train: {epochs: 3}");

    assertThat(recipe.objective())
        .containsExactly(new Term(new ForwardKl(4), 0.7), new Term(new CrossEntropy(0), 0.3));
    assertThat(recipe.training()).hasSize(1);
    assertThat(recipe.training().getFirst().objective()).isEqualTo(recipe.objective());
    assertThat(recipe.training().getFirst().train().epochs()).isEqualTo(3);
    assertThat(recipe.terms().keySet()).containsExactly("objective[0]", "objective[1]");
  }

  @Test
  void lossesStandInOnePlaceOnly() throws IOException {
    Path both = write(STAGES + "objective: [{use: forward-kl}]\n");
    Path none = write("stages: [{name: empty, objective: []}]");
    Path twins = write("stages: [{name: a, objective: [hinton]}, {name: a, objective: [hinton]}]");

    assertThatThrownBy(() -> Recipes.read(both, List.of()))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("objective (line 10): stands beside `stages`");
    assertThatThrownBy(() -> Recipes.read(none, List.of()))
        .hasMessageContaining("stages[0].objective (line 5): must not be empty");
    assertThatThrownBy(() -> Recipes.read(twins, List.of()))
        .hasMessageContaining("stages (line 5): two of them have the same name");
  }

  @Test
  void aStageThatIsNoSectionIsRefusedByItsPlace() throws IOException {
    Path text = write("train: {epochs: 2}\nstages: [quick]");
    Path train = write("train: {epochs: 2}\nstages: [{name: a, objective: [hinton], train: 5}]");

    assertThatThrownBy(() -> Recipes.read(text, List.of())).hasMessageContaining("stages[0]");
    assertThatThrownBy(() -> Recipes.read(train, List.of()))
        .hasMessageContaining("stages[0].train");
  }

  @Test
  void aStageAsksTheTeacherOnlyForWhatItHearsFromIt() throws IOException {
    Recipe recipe =
        read(
            """
            stages:
              - {name: inside, objective: [hidden-mse, {use: forward-kl, from: ema}]}
              - {name: own, objective: [cross-entropy, {use: deep-to-shallow}]}
            """);

    assertThat(recipe.stages().getFirst().needs()).containsExactly(Need.HIDDEN_STATES);
    assertThat(recipe.stages().getFirst().trainsHead()).isTrue();
    assertThat(recipe.stages().getLast().needs()).isEmpty();
  }

  @Test
  void nobodyIsHeardOfLabelsAlone() throws IOException {
    Path file = write("objective: [{use: cross-entropy, from: ema}]");

    assertThatThrownBy(() -> Recipes.read(file, List.of()))
        .hasMessageContaining("objective[0].from (line 5): says whom to compare with");
  }

  @Test
  void onlyDecisionsAreComparedUnderAnotherDropout() throws IOException {
    Recipe recipe = read("objective: [cross-entropy, {use: jensen-shannon, from: dropout}]");
    assertThat(recipe.training().getFirst().needs()).isEmpty();

    Path file = write("objective: [cross-entropy, {use: hidden-mse, from: dropout}]");
    assertThatThrownBy(() -> Recipes.read(file, List.of()))
        .hasMessageContaining("objective[1].from (line 5): is 'dropout', which compares decisions");
  }

  @Test
  void anAverageForgetsFastAtFirst() {
    Source.Ema ema = new Source.Ema(0.9);

    assertThat(ema.decayAt(1)).isEqualTo(0.5);
    assertThat(ema.decayAt(4)).isCloseTo(0.8, within(1e-12));
    assertThat(ema.decayAt(1_000)).isEqualTo(0.9);
  }

  private Recipe read(String more) throws IOException {
    return Recipes.read(write(more), List.of());
  }

  private Path write(String more) throws IOException {
    return Files.writeString(
        Files.createTempFile(folder, "recipe", ".yaml"),
        """
        name: staged
        teacher: {model: somewhere}
        student: {layers: [0]}
        data: {train: train.csv}
        """
            + more);
  }
}
