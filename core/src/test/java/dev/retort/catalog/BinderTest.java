package dev.retort.catalog;

import static dev.retort.catalog.Sample.bind;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.retort.catalog.Sample.Bound;
import dev.retort.catalog.Sample.Cosine;
import dev.retort.catalog.Sample.CrossEntropy;
import dev.retort.catalog.Sample.ForwardKl;
import dev.retort.catalog.Sample.Fraction;
import dev.retort.catalog.Sample.Precision;
import dev.retort.catalog.Sample.Recipe;
import dev.retort.catalog.Sample.Rows;
import dev.retort.catalog.Sample.Steps;
import dev.retort.catalog.Sample.Term;
import dev.retort.catalog.Sample.Train;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BinderTest {

  private static final Train TRAIN =
      new Train(3, 5e-5, 4096, Precision.FP32, new Cosine(0.1), 7, Optional.of(1f), false);

  /// The problems of a recipe that starts with a name and a training section.
  private static List<String> problems(String yaml) {
    RecipeException e = catchThrowableOfType(RecipeException.class, () -> bind(yaml));
    return e.problems().stream().map(Problem::toString).toList();
  }

  private static List<String> trainProblems(String setting) {
    return problems("name: a\ntrain:\n  epochs: 3\n  " + setting + "\n");
  }

  @Test
  void fillsInDefaults() {
    assertThat(bind("name: a\ntrain: {epochs: 3}\n"))
        .isEqualTo(
            new Recipe(
                "a",
                TRAIN,
                List.of(new Term(new CrossEntropy(), 1)),
                new Fraction(10),
                new LinkedHashMap<>(),
                Map.of(),
                Optional.empty(),
                Optional.empty()));
  }

  @Test
  void bindsEveryKindOfComponent() {
    Recipe recipe =
        bind(
            """
            name: 'on'
            train:
              epochs: 1e1
              learningRate: 3e-4
              batchTokens: 1_000
              precision: bf16-mixed
              schedule: {use: steps, at: [10, 20]}
              seed: 9_000_000_000
              maxGradientNorm: null
              compile: true
            objective:
              - {use: forward-kl, temperature: 4, weight: 70%}
              - cross-entropy
            validation: held-out.csv
            require: {retention: ">= 0.97", sizeMb: "<= 30"}
            layers: {encoder: [3, 7, 11]}
            output: runs/a
            extra: forward-kl
            """);
    assertThat(recipe.name()).isEqualTo("on");
    assertThat(recipe.train())
        .isEqualTo(
            new Train(
                10,
                3e-4,
                1000,
                Precision.BF16_MIXED,
                new Steps(List.of(10, 20)),
                9_000_000_000L,
                Optional.empty(),
                true));
    assertThat(recipe.objective())
        .containsExactly(new Term(new ForwardKl(4), 0.7), new Term(new CrossEntropy(), 1));
    assertThat(recipe.validation()).isEqualTo(new Rows(Path.of("held-out.csv")));
    assertThat(recipe.require())
        .containsExactly(
            Map.entry("retention", new Bound(true, 0.97)),
            Map.entry("sizeMb", new Bound(false, 30)));
    assertThat(recipe.layers()).isEqualTo(Map.of("encoder", List.of(3, 7, 11)));
    assertThat(recipe.output()).contains(Path.of("runs/a"));
    assertThat(recipe.extra()).contains(new Term(new ForwardKl(1), 1));
  }

  @Test
  void bindsARecordWithAParseFactoryFromSettingsToo() {
    assertThat(
            bind("name: a\ntrain: {epochs: 3}\nrequire: {x: {atLeast: true, limit: 2}}\n")
                .require())
        .containsExactly(Map.entry("x", new Bound(true, 2)));
  }

  @Test
  void showsTwoTyposInATerminalOf80Columns() {
    String yaml =
        """
        name: a
        objective:
          - use: foward-kl
            temperature: 4
        train:
          epochs: 3
          learnnigRate: 3e-4
        """;
    assertThatThrownBy(() -> bind(yaml))
        .isInstanceOf(RecipeException.class)
        .hasMessage(
            """
            x.yaml: 2 problems
              objective[0].use (line 3): 'foward-kl' is not one of
                  [cross-entropy, forward-kl]; did you mean 'forward-kl'?
              train.learnnigRate (line 7): unknown setting; did you mean 'learningRate'?
                  allowed here: batchTokens, compile, epochs, learningRate, maxGradientNorm,
                  precision, schedule, seed\
            """);
  }

  @Test
  void reportsAllProblemsAtOnceInTheOrderOfTheFile() {
    assertThat(
            problems(
                """
                train:
                  epochs: many
                  seed: 1.5
                  schedule: cosin
                  precision: bf16
                objective: {use: forward-kl}
                validation: [1]
                require:
                  retention: high
                  size: {}
                output: [x]
                """))
        .containsExactly(
            "name: required setting is missing\nThe name of the run.",
            "train.epochs (line 2): expected a whole number but found the text 'many'",
            "train.seed (line 3): expected a whole number but found 1.5",
            "train.schedule (line 4): 'cosin' is not one of [cosine, steps];"
                + " did you mean 'cosine'?",
            "train.precision (line 5): 'bf16' is not one of [fp32, bf16-mixed]",
            "objective (line 6): expected a list, as in [a, b], but found settings (key: value)",
            "validation (line 7): expected text but found a list",
            "require.retention (line 9): 'high' is not a bound such as '>= 0.97'",
            "require.size.atLeast (line 10): required setting is missing",
            "require.size.limit (line 10): required setting is missing",
            "output (line 11): expected a path but found a list");
  }

  @Test
  void namesTheComponentThatAConstructorRefuses() {
    assertThat(trainProblems("learningRate: -1"))
        .containsExactly("train.learningRate (line 4): must be > 0 but is -1");
    assertThat(trainProblems("schedule: {use: steps, at: [3, 1]}"))
        .containsExactly("train.schedule.at[1] (line 4): must be above the one before");
    assertThat(
            problems(
                """
                name: a
                train: {epochs: 3}
                objective:
                  - use: forward-kl
                    temperature: 0
                """))
        .containsExactly("objective[0].temperature (line 5): must be > 0 but is 0");
  }

  @Test
  void refusesAConstructorsOtherMessagesAtTheRecord() {
    assertThatThrownBy(() -> new Binder().bind(Sample.Pair.class, Sample.yaml("low: 2\nhigh: 1\n")))
        .isInstanceOf(RecipeException.class)
        .hasMessage("x.yaml: 1 problem\n  one must be less than the other");
  }

  @Test
  void suggestsKeysOfAnyTypeWhileTheTypeIsUnknown() {
    assertThat(
            problems(
                "name: a\ntrain: {epochs: 3}\nobjective: [{usee: forward-kl, temprature: 4}]\n"))
        .containsExactly(
            "objective[0].usee (line 3): unknown setting; did you mean 'use'?",
            "objective[0].temprature (line 3): unknown setting; did you mean 'temperature'?",
            "objective[0].use (line 3): required setting is missing; it is one of"
                + " [cross-entropy, forward-kl]");
  }

  @Test
  void knowsTheKeysOfTheNamedType() {
    assertThat(
            problems(
                "name: a\ntrain: {epochs: 3}\nobjective: [{use: cross-entropy, temperature: 4}]\n"))
        .containsExactly(
            "objective[0].temperature (line 3): unknown setting\nallowed here: use, weight");
  }

  @Test
  void saysWhatAComponentMayBeIfNoRecipeCanHoldIt() {
    record Odd(Thread thread) {}
    assertThatThrownBy(() -> new Binder().bind(Odd.class, Sample.yaml("thread: 1\n")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Odd.thread: no recipe can hold a java.lang.Thread; use a supported type, give it a"
                + " public static parse(String), or register a catalog of it");
  }

  @Test
  void blamesTheProgramForAWrongDefault() {
    record Wrong(@Default("many") int count) {}
    assertThatThrownBy(() -> new Binder().bind(Wrong.class, Sample.yaml("{}")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "@Default is wrong: [count: expected a whole number but found the text 'many']");
  }

  @Test
  void blamesTheProgramForAFailingConstructor() {
    assertThatThrownBy(() -> new Binder().bind(Sample.Failing.class, Sample.yaml("count: 1")))
        .isInstanceOf(IllegalStateException.class)
        .hasRootCauseMessage("not a refusal");
  }

  @Test
  void findsProblemsForChecksThatComeLater() {
    Document recipe = Sample.yaml("name: a\ntrain:\n  epochs: 3\nlayers: {a: [1, 2]}\n");
    assertThat(recipe.problem("train.epochs", "is too many"))
        .hasToString("train.epochs (line 3): is too many");
    assertThat(recipe.problem("train.seed", "is bad")).hasToString("train.seed (line 2): is bad");
    assertThat(recipe.problem("layers.a[1]", "is bad")).hasToString("layers.a[1] (line 4): is bad");
    assertThat(recipe.problem("data", "is missing")).hasToString("data: is missing");
  }

  @Test
  void bindsARecordInline() {
    record Outer(int top, @Inline Sample.Pair pair) {}
    assertThat(new Binder().bind(Outer.class, Sample.yaml("top: 3\nlow: 1\nhigh: 2\n")))
        .isEqualTo(new Outer(3, new Sample.Pair(1, 2)));
    assertThatThrownBy(() -> new Binder().bind(Outer.class, Sample.yaml("top: 1\nlow: 1\nhi: 2\n")))
        .hasMessage(
            """
            x.yaml: 2 problems
              high: required setting is missing
              hi (line 3): unknown setting
                  allowed here: high, low, top\
            """);
  }

  @Test
  void blamesTheProgramForInlineComponentsThatCannotBe() {
    record Clash(int low, @Inline Sample.Pair pair) {}
    record Odd(@Inline int number) {}
    assertThatThrownBy(() -> new Binder().bind(Clash.class, Sample.yaml("low: 1\n")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "two components named 'low' meet in one place of the recipe because of @Inline");
    assertThatThrownBy(() -> new Binder().bind(Odd.class, Sample.yaml("number: 1\n")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("@Inline number must be a record or a type of a catalog, without @Default");
  }
}
