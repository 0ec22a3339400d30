package dev.retort.data;

import static java.util.function.Predicate.not;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The data of a run: training data and what is held out from them.
///
/// @param train what the student learns from
/// @param validation what epochs and settings are chosen by
/// @param test what the verdict is about
/// @param findings what was noticed while the splits were made
public record Splits(
    Dataset train, Optional<Dataset> validation, Optional<Dataset> test, List<Finding> findings) {
  private static final String TRAIN = "train";
  private static final String VALIDATION = "validation";
  private static final String TEST = "test";

  public Splits {
    findings = List.copyOf(findings);
  }

  /// Reads the files of a recipe; the classes are those of the training data, or where no training
  /// example has one, those of the held-out data.
  ///
  /// @param folder what relative paths start from
  /// @param seed decides which training examples are held out if a split is a share
  /// @throws DataException with everything that is wrong with the files
  /// @throws IOException if a file that exists cannot be read
  public static Splits read(DataSettings settings, Path folder, long seed) throws IOException {
    return read(settings, folder, seed, Optional.empty(), Optional.empty());
  }

  /// Reads the files of a recipe with the column that says who answers about an example; what it
  /// says elsewhere than it may is an error among the findings.
  public static Splits read(DataSettings settings, Path folder, long seed, RouteColumn route)
      throws IOException {
    return read(settings, folder, seed, Optional.empty(), Optional.of(route));
  }

  /// Reads the files of a recipe whose classes are known, for instance from a teacher's head.
  public static Splits read(DataSettings settings, Path folder, long seed, Labels labels)
      throws IOException {
    return read(settings, folder, seed, Optional.of(labels), Optional.empty());
  }

  private static Splits read(
      DataSettings settings,
      Path folder,
      long seed,
      Optional<Labels> given,
      Optional<RouteColumn> route)
      throws IOException {
    Corrections corrections = Corrections.read(settings, folder);
    Rows rows = Rows.read(settings, folder, route.map(RouteColumn::name)).corrected(corrections);
    Labelling labelling =
        given
            .map(labels -> new Labelling(labels, settings.label().isPresent(), "the model"))
            .orElseGet(() ->
                new Labelling(rows.labels(), settings.label().isPresent(), "the training data"));
    Dataset train = labelling.dataset(TRAIN, rows.train(), true);
    Optional<Dataset> validation =
        rows.validation().map(found -> labelling.dataset(VALIDATION, found, false));
    Optional<Dataset> test = rows.test().map(found -> labelling.dataset(TEST, found, false));
    List<Finding> findings = new ArrayList<>(labelling.findings());
    corrections.finding(rows.all()).ifPresent(findings::add);
    for (Dataset read : new Splits(train, validation, test, List.of()).all()) {
      route.ifPresent(column -> findings.addAll(column.unknown(read)));
    }
    Splits asRead = new Splits(train, validation, test, findings);
    return Leaks.resolve(of(asRead, settings, seed), settings.leakage());
  }

  /// Splits one dataset as the settings' shares say, stratified by class; see [Stratified].
  public static Splits of(Dataset all, DataSettings settings, long seed) {
    return of(new Splits(all, Optional.empty(), Optional.empty(), List.of()), settings, seed);
  }

  /// Both shares are of the whole training file, whichever is taken first.
  private static Splits of(Splits read, DataSettings settings, long seed) {
    double testShare = DataSettings.share(settings.test());
    double validationShare = DataSettings.share(settings.validation()) / (1 - testShare);
    Stratified test = Stratified.split(read.train, testShare, seed, TEST);
    Stratified validation = Stratified.split(test.rest(), validationShare, seed, VALIDATION);
    return new Splits(
        validation.rest(),
        validationShare > 0 ? Optional.of(validation.heldOut()) : read.validation,
        testShare > 0 ? Optional.of(test.heldOut()) : read.test,
        read.findings);
  }

  /// The splits there are: training data first, then validation and test data.
  public List<Dataset> all() {
    return Stream.of(Optional.of(train), validation, test).flatMap(Optional::stream).toList();
  }

  /// The splits that are not for training, if there are any.
  public List<Dataset> heldOut() {
    return Stream.of(validation, test).flatMap(Optional::stream).toList();
  }

  /// What every file says, before classes have numbers.
  private record Rows(List<Row> train, Optional<List<Row>> validation, Optional<List<Row>> test) {

    static Rows read(DataSettings settings, Path folder, Optional<String> route)
        throws IOException {
      List<Finding> problems = new ArrayList<>();
      try (DataReader reader = DataReader.open(folder, settings, route)) {
        Rows rows =
            new Rows(
                reader.read("data.train", settings.train(), problems),
                heldOut(reader, "data.validation", settings.validation(), problems),
                heldOut(reader, "data.test", settings.test(), problems));
        if (!problems.isEmpty()) {
          throw new DataException(problems);
        }
        return rows;
      }
    }

    private static Optional<List<Row>> heldOut(
        DataReader reader, String setting, Optional<SplitSource> source, List<Finding> problems)
        throws IOException {
      return source.orElse(null) instanceof SplitSource.Files(String pattern)
          ? Optional.of(reader.read(setting, pattern, problems))
          : Optional.empty();
    }

    Rows corrected(Corrections corrections) {
      return new Rows(
          corrections.apply(train),
          validation.map(corrections::apply),
          test.map(corrections::apply));
    }

    Stream<Row> all() {
      return Stream.concat(
          train.stream(),
          Stream.of(validation, test).flatMap(Optional::stream).flatMap(List::stream));
    }

    Labels labels() {
      List<String> found = names(train.stream());
      Stream<Row> heldOut =
          Stream.of(validation, test).flatMap(Optional::stream).flatMap(List::stream);
      return Labels.found(found.isEmpty() ? names(heldOut) : found);
    }

    private static List<String> names(Stream<Row> rows) {
      return rows.map(Row::label).filter(not(String::isEmpty)).distinct().toList();
    }
  }
}
