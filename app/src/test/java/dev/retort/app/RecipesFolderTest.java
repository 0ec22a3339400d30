package dev.retort.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.app.exit.ExitCode;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.Recipes;
import dev.retort.synthesis.Syntheses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The recipes that come with Retort.
class RecipesFolderTest {

  static Stream<Path> recipes() throws IOException {
    return files("../recipes");
  }

  static Stream<Path> syntheses() throws IOException {
    return files("../recipes/synthesis");
  }

  private static Stream<Path> files(String folder) throws IOException {
    try (Stream<Path> files = Files.list(Path.of(folder))) {
      return files.filter(Files::isRegularFile).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("syntheses")
  void everySynthesisCanBeRead(Path file) {
    assertThat(Syntheses.read(file, List.of()).steps()).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void everyRecipeCanBeReadAndAsksForSomething(Path file) {
    Recipe recipe = Recipes.read(file, List.of());

    assertThat(recipe.requirements()).isNotEmpty();
    assertThat(recipe.student().layers().isEmpty())
        .isEqualTo(
            recipe.student().tableIfStatic().isPresent()
                || recipe.student().lora().isPresent()
                || !recipe.isTaught());
  }

  @ParameterizedTest
  @MethodSource({"recipes", "syntheses"})
  void everyRecipeIsExplained(Path file) throws IOException {
    assertThat(Files.readAllLines(file))
        .filteredOn(line -> line.contains("#"))
        .hasSizeGreaterThan(3);
    assertThat(Files.readAllLines(file))
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
  }

  /// All but that of the demo, which comes with its data, and that of own data, which is called by
  /// what it is for.
  static Stream<Path> templates() throws IOException {
    return recipes().filter(file -> !Set.of("demo.yaml", "own-data.yaml").contains(nameOf(file)));
  }

  @ParameterizedTest
  @MethodSource("templates")
  void everyRecipeIsATemplateOfItsName(Path file, @TempDir Path folder) throws IOException {
    String name = nameOf(file).replace(".yaml", "");
    Path task = folder.resolve("task");

    assertThat(new Shell(folder).retort("init", name, task).code()).isEqualTo(ExitCode.OK);
    assertThat(task.resolve("recipe.yaml")).hasSameTextualContentAs(file);
  }

  private static String nameOf(Path file) {
    return file.getFileName().toString();
  }
}
