package dev.retort.app.command;

import dev.retort.api.ApiAddress;
import dev.retort.hub.Address;
import dev.retort.recipe.PlanException;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.Recipes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The arguments that name a recipe, as several commands have them.
final class RecipeArguments {

  private static final String USUAL_NAME = "recipe.yaml";

  @Parameters(
      paramLabel = "RECIPE",
      description = "The recipe: a YAML file, or a folder with a recipe.yaml.")
  private Path recipe = Path.of(USUAL_NAME);

  @Option(
      names = "--set",
      paramLabel = "PATH=VALUE",
      description = "Override a setting, as in --set train.epochs=3. May be repeated.")
  private List<String> overrides = new ArrayList<>();

  /// The recipe with all overrides.
  ///
  /// @throws dev.retort.catalog.RecipeException with everything that is wrong with it
  Recipe read() {
    Recipe read = Recipes.read(file(), overrides);
    List<String> problems = new ArrayList<>();
    read.lineup()
        .teachers()
        .forEach((name, teacher) ->
            problem(teacher.model())
                .ifPresent(problem ->
                    problems.add("%s.model: %s".formatted(read.lineup().path(name), problem))));
    if (!problems.isEmpty()) {
      throw new PlanException(problems);
    }
    return read;
  }

  private static Optional<String> problem(String address) {
    try {
      if (!ApiAddress.recognises(address)) {
        Address.parse(address);
      }
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /// The file of the recipe.
  Path file() {
    return Files.isDirectory(recipe) ? recipe.resolve(USUAL_NAME) : recipe;
  }

  /// Where relative paths in the recipe start.
  Path folder() {
    return Optional.ofNullable(file().toAbsolutePath().getParent()).orElseThrow();
  }

  /// These arguments as they were written.
  List<String> words() {
    List<String> words = new ArrayList<>(List.of(recipe.toString()));
    overrides.forEach(override -> words.addAll(List.of("--set", override)));
    return words;
  }
}
