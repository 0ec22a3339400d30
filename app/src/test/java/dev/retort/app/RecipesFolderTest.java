package dev.retort.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.recipe.Recipe;
import dev.retort.recipe.Recipes;
import dev.retort.synthesis.Syntheses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
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

  @Test
  void theTemplatesAreAmongThem() throws IOException {
    assertThat(recipes())
        .extracting(file -> file.getFileName().toString())
        .contains("own-data.yaml", "pair.yaml", "demo.yaml", "banking77.yaml", "clinc150.yaml");
  }
}
