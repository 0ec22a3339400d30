package dev.retort.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.retort.catalog.Sample.Cosine;
import dev.retort.catalog.Sample.ForwardKl;
import dev.retort.catalog.Sample.Recipe;
import dev.retort.catalog.Sample.Term;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OverridesTest {

  private static final String RECIPE =
      """
      name: a
      train: {epochs: 3, schedule: cosine}
      objective: [{use: forward-kl, weight: 1}, cross-entropy]
      """;

  private static Recipe bind(String... overrides) {
    Document recipe = Overrides.apply(Sample.yaml(RECIPE), List.of(overrides));
    return new Binder(Sample.OBJECTIVES).bind(Recipe.class, recipe);
  }

  @Test
  void replacesAndAddsSettings() {
    Recipe recipe =
        bind(
            "train.epochs=5", "objective[0].weight=0.5", "train.seed = 9", "layers.encoder=[1, 2]");
    assertThat(recipe.train().epochs()).isEqualTo(5);
    assertThat(recipe.train().seed()).isEqualTo(9);
    assertThat(recipe.objective().getFirst()).isEqualTo(new Term(new ForwardKl(1), 0.5));
    assertThat(recipe.layers().get("encoder")).containsExactly(1, 2);
  }

  @Test
  void addsSettingsToANameThatStandsAlone() {
    Recipe recipe = bind("train.schedule.warmup=5%", "objective[1].weight=3");
    assertThat(recipe.train().schedule()).isEqualTo(new Cosine(0.05));
    assertThat(recipe.objective().getLast().weight()).isEqualTo(3);
  }

  @Test
  void appliesLaterOverridesOnTopOfEarlierOnes() {
    assertThat(bind("train={epochs: 1}", "train.epochs=2").train().epochs()).isEqualTo(2);
  }

  @Test
  void leavesTheRecipeItWasGivenAlone() {
    Document recipe = Sample.yaml(RECIPE);
    Overrides.apply(recipe, List.of("name=b"));
    assertThat(recipe).isEqualTo(Sample.yaml(RECIPE));
  }

  @Test
  void letsTheBinderNameTheOverride() {
    assertThatThrownBy(() -> bind("train.epochs=many", "train.epoch=3"))
        .hasMessage(
            """
            x.yaml: 2 problems
              train.epoch (--set train.epoch=3): unknown setting; did you mean 'epochs'?
                  allowed here: batchTokens, compile, epochs, learningRate, maxGradientNorm,
                  precision, schedule, seed
              train.epochs (--set train.epochs=many): expected a whole number but found the
                  text 'many'\
            """);
  }

  private static String problem(String override) {
    RecipeException e = catchThrowableOfType(RecipeException.class, () -> bind(override));
    assertThat(e.problems()).hasSize(1);
    return e.problems().getFirst().toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "train.epochs",
        "=3",
        "train..epochs=3",
        "[0].epochs=3",
        "objective[x]=3",
        "train.=3",
        ""
      })
  void refusesWhatIsNoOverride(String override) {
    assertThat(problem(override))
        .isEqualTo(
            "--set %s: is not 'path=value', such as train.epochs=3 or objective[0].weight=1"
                .formatted(override));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          objective[2].weight=3 | 'objective' ends at objective[1]
          objective.weight=3    | 'objective' is a list of 2; say which, as in objective[0]
          train[0]=3            | 'train' is not a list in the recipe, so it has no [index]
          extra[0]=3            | 'extra' is not a list in the recipe, so it has no [index]
          """)
  void refusesPathsThatDoNotFitTheRecipe(String override, String message) {
    assertThat(problem(override)).isEqualTo("--set " + override + ": " + message);
  }

  @Test
  void refusesValuesThatAreNotYaml() {
    assertThat(problem("train.epochs=[1"))
        .isEqualTo(
            "--set train.epochs=[1: the value is not YAML: expected ',' or ']' to continue or"
                + " close what opens in line 1, column 1");
  }
}
