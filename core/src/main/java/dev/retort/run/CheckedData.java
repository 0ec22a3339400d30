package dev.retort.run;

import dev.retort.data.DataChecks;
import dev.retort.data.DataException;
import dev.retort.data.Dataset;
import dev.retort.data.Example;
import dev.retort.data.Finding;
import dev.retort.data.Labels;
import dev.retort.data.Place;
import dev.retort.data.Splits;
import dev.retort.data.Transfer;
import dev.retort.model.Pretrained;
import dev.retort.recipe.Plan;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.Stage;
import dev.retort.recipe.Task;
import dev.retort.teacher.Combination;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// The data of a run, read and found fit for it.
///
/// @param splits training, validation and test data, all three there
/// @param training what the student learns from in each stage of [Recipe#training]
/// @param findings what the checks noticed, none of it an error
public record CheckedData(Splits splits, List<Dataset> training, List<Finding> findings) {

  public CheckedData {
    training = List.copyOf(training);
    findings = List.copyOf(findings);
  }

  /// Reads and checks the data that `recipe` names, relative to `folder`; the labels are those of
  /// the data.
  ///
  /// @throws DataException with all errors that the checks find
  public static CheckedData read(Recipe recipe, Path folder) throws IOException {
    return read(recipe, folder, Optional.empty());
  }

  /// Reads and checks the data of `plan` under the labels that its teacher decides between, if it
  /// has a head.
  public static CheckedData read(Plan plan, Path folder) throws IOException {
    boolean remote = plan.recipe().mainTeacher().isRemote();
    return read(plan.recipe(), folder, Optional.of(plan.teacher()).filter(_ -> !remote));
  }

  /// The same data with those training examples only that are `kept`.
  CheckedData withTraining(Predicate<Example> kept) {
    IdentityHashMap<Dataset, Dataset> known =
        new IdentityHashMap<>(); // one dataset may be several stages'
    UnaryOperator<Dataset> where = some -> known.computeIfAbsent(some, all -> all.where(kept));
    Splits fewer =
        new Splits(
            where.apply(splits.train()), splits.validation(), splits.test(), splits.findings());
    return new CheckedData(fewer, training.stream().map(where).toList(), findings);
  }

  /// The examples of the training data, and then those of the validation data.
  List<Example> learnt() {
    return Stream.concat(Stream.of(splits.train()), splits.validation().stream())
        .distinct()
        .flatMap(data -> data.examples().stream())
        .toList();
  }

  /// The same data with something more to know about them.
  CheckedData noting(List<Finding> more) {
    return new CheckedData(
        splits, training, Stream.concat(findings.stream(), more.stream()).distinct().toList());
  }

  private static CheckedData read(Recipe recipe, Path folder, Optional<Pretrained> teacher)
      throws IOException {
    Splits splits = splits(recipe, folder, teacher);
    List<Finding> findings = new ArrayList<>(splits.findings());
    DataChecks.check(splits).stream()
        .filter(finding -> !findings.contains(finding))
        .forEach(findings::add);
    Place place = Place.of(folder.resolve(recipe.data().train()));
    boolean labelled = recipe.task() == Task.CLASSIFICATION;
    required(splits.validation(), "validation", place, labelled).ifPresent(findings::add);
    required(splits.test(), "test", place, labelled).ifPresent(findings::add);
    if (labelled && !isLabelled(splits.train())) {
      unlabelled(recipe, teacher).map(why -> error(place, why)).ifPresent(findings::add);
    }
    List<Dataset> training = training(recipe, folder, splits, findings);
    List<Finding> errors = findings.stream().filter(Finding::isError).toList();
    if (!errors.isEmpty()) {
      throw new DataException(errors);
    }
    return new CheckedData(splits, training, findings);
  }

  /// The labels are those of a single teacher that has a head; several teachers may have them in
  /// different orders, and the data decide.
  private static Splits splits(Recipe recipe, Path folder, Optional<Pretrained> teacher)
      throws IOException {
    long seed = recipe.train().seed();
    if (recipe.lineup().combination().orElse(null) instanceof Combination.Routing routing) {
      return Splits.read(recipe.dataSettings(), folder, seed, routing.routeColumn());
    }
    Optional<Labels> labels =
        teacher
            .filter(model -> recipe.teachers().isEmpty() && model.head().isPresent())
            .map(model -> Labels.of(model.labels()));
    return labels.isPresent()
        ? Splits.read(recipe.dataSettings(), folder, seed, labels.get())
        : Splits.read(recipe.dataSettings(), folder, seed);
  }

  private static Optional<Finding> required(
      Optional<Dataset> split, String name, Place place, boolean labelled) {
    if (split.isEmpty()) {
      String message =
          "the recipe has no %s data; name a file or a share such as `data.%s: 10%%`"
              .formatted(name, name);
      return Optional.of(error(place, message));
    }
    return !labelled || isLabelled(split.get())
        ? Optional.empty()
        : Optional.of(
            error(
                place,
                "no example of the %s data has a label, and the student is judged by labels; name"
                        .formatted(name)
                    + " their column in `data.label`"));
  }

  /// Why training data without any label will not do, if they will not.
  private static Optional<String> unlabelled(Recipe recipe, Optional<Pretrained> teacher) {
    if (teacher.isPresent() && teacher.get().head().isEmpty()) {
      return Optional.of(
          "no training example has a label, and the teacher has yet to learn the task from labels;"
              + " name their column in `data.label`, or a teacher that has a head");
    }
    return recipe.baseline()
        ? Optional.of(
            "no training example has a label for the baseline to learn from; set `baseline: false`")
        : Optional.empty();
  }

  private static boolean isLabelled(Dataset data) {
    return data.examples().stream().anyMatch(Example::isLabelled);
  }

  private static Finding error(Place place, String message) {
    return new Finding(Finding.Severity.ERROR, Optional.of(place), message);
  }

  /// The data of every stage; those without files of their own share one dataset.
  private static List<Dataset> training(
      Recipe recipe, Path folder, Splits splits, List<Finding> findings) throws IOException {
    Optional<Transfer> unlabelled = Transfer.unlabelled(recipe.data(), folder, splits);
    unlabelled.ifPresent(found -> findings.addAll(found.findings()));
    Dataset usual = unlabelled.map(more -> splits.train().and(more.data())).orElse(splits.train());
    List<Dataset> training = new ArrayList<>();
    for (int i = 0; i < recipe.training().size(); i++) {
      Stage stage = recipe.training().get(i);
      if (stage.data().isEmpty()) {
        training.add(usual);
      } else {
        Transfer.Source source =
            new Transfer.Source(
                stage.name(), "stages[%d].data".formatted(i), stage.data().orElseThrow());
        Transfer own = Transfer.of(source, recipe.data(), folder, splits);
        findings.addAll(own.findings());
        training.add(own.data());
      }
    }
    return training;
  }
}
