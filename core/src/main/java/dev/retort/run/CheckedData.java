package dev.retort.run;

import dev.retort.data.DataChecks;
import dev.retort.data.DataException;
import dev.retort.data.Dataset;
import dev.retort.data.Finding;
import dev.retort.data.Place;
import dev.retort.data.Splits;
import dev.retort.recipe.Recipe;
import dev.retort.teacher.Combination;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The data of a run, read and found fit for it.
///
/// @param splits training, validation and test data, all three there
/// @param findings what the checks noticed, none of it an error
public record CheckedData(Splits splits, List<Finding> findings) {

  public CheckedData {
    findings = List.copyOf(findings);
  }

  /// Reads and checks the data that `recipe` names, relative to `folder`.
  ///
  /// @throws DataException with all errors that the checks find
  public static CheckedData read(Recipe recipe, Path folder) throws IOException {
    Splits splits = splits(recipe, folder);
    List<Finding> findings = new ArrayList<>(splits.findings());
    DataChecks.check(splits).stream()
        .filter(finding -> !findings.contains(finding))
        .forEach(findings::add);
    Place place = Place.of(folder.resolve(recipe.data().train()));
    required(splits.validation(), "validation", place).ifPresent(findings::add);
    required(splits.test(), "test", place).ifPresent(findings::add);
    List<Finding> errors = findings.stream().filter(Finding::isError).toList();
    if (!errors.isEmpty()) {
      throw new DataException(errors);
    }
    return new CheckedData(splits, findings);
  }

  private static Splits splits(Recipe recipe, Path folder) throws IOException {
    long seed = recipe.train().seed();
    return recipe.lineup().combination().orElse(null) instanceof Combination.Routing routing
        ? Splits.read(recipe.data(), folder, seed, routing.routeColumn())
        : Splits.read(recipe.data(), folder, seed);
  }

  private static Optional<Finding> required(Optional<Dataset> split, String name, Place place) {
    return split.isPresent()
        ? Optional.empty()
        : Optional.of(
            new Finding(
                Finding.Severity.ERROR,
                Optional.of(place),
                "the recipe has no %s data; name a file or a share such as `data.%s: 10%%`"
                    .formatted(name, name)));
  }
}
