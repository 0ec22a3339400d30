package dev.retort.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The data of an embedder: texts to learn from, which need nothing but the texts, and scored pairs
/// to judge it by.
///
/// @param train different texts
/// @param validation what epochs are chosen by
/// @param test what the verdict is about
/// @param findings what was noticed, none of it an error
public record SimilarityData(
    Dataset train, ScoredPairs validation, ScoredPairs test, List<Finding> findings) {

  public SimilarityData {
    findings = List.copyOf(findings);
  }

  /// Reads the files of a recipe. Training files need have only the column of the text; where they
  /// have the second text too, both are learnt from. Held-out files have both texts and a score, in
  /// the column that [DataSettings#label] names.
  ///
  /// @throws DataException with everything that is wrong with the files
  public static SimilarityData read(DataSettings settings, Path folder) throws IOException {
    List<Finding> problems = new ArrayList<>();
    requireColumns(settings, problems);
    try (DataReader reader = DataReader.open(folder, settings)) {
      List<Row> train = reader.readTexts("data.train", settings.train(), problems);
      ScoredPairs validation = heldOut(reader, "validation", settings.validation(), problems);
      ScoredPairs test = heldOut(reader, "test", settings.test(), problems);
      requireNone(problems);
      return of(texts(train), validation, test, settings.leakage());
    }
  }

  /// Reads the files of [DataSettings#train] alone, as scored pairs.
  ///
  /// @throws DataException with everything that is wrong with the files
  public static ScoredPairs pairs(DataSettings settings, Path folder) throws IOException {
    List<Finding> problems = new ArrayList<>();
    requireColumns(settings, problems);
    try (DataReader reader = DataReader.open(folder, settings)) {
      Optional<SplitSource> files = Optional.of(new SplitSource.Files(settings.train()));
      ScoredPairs pairs = heldOut(reader, "train", files, problems);
      requireNone(problems);
      return pairs;
    }
  }

  private static void requireColumns(DataSettings settings, List<Finding> problems) {
    if (settings.pair().isEmpty() || settings.label().isEmpty()) {
      problems.add(
          Finding.of(
              Finding.Severity.ERROR,
              "data: an embedder is judged by scored pairs; name the columns `pair` (the second"
                  + " text) and `label` (the score)"));
      requireNone(problems);
    }
  }

  private static void requireNone(List<Finding> problems) {
    if (!problems.isEmpty()) {
      throw new DataException(problems);
    }
  }

  private static ScoredPairs heldOut(
      DataReader reader, String split, Optional<SplitSource> source, List<Finding> problems)
      throws IOException {
    if (!(source.orElse(null) instanceof SplitSource.Files(String pattern))) {
      problems.add(
          Finding.of(
              Finding.Severity.ERROR,
              "data.%s: an embedder needs a file of scored pairs here, not a share of its texts"
                  .formatted(split)));
      return ScoredPairs.of(split, List.of(), new double[0]);
    }
    List<Row> rows = reader.read("data." + split, pattern, problems);
    List<Example> pairs = new ArrayList<>();
    List<Double> scores = new ArrayList<>();
    for (Row row : rows) {
      String second = row.pair().orElse("");
      Optional<Double> score = score(row.label());
      if (row.text().isBlank() || second.isBlank()) {
        problems.add(Finding.error(row.place(), split + ": a text of the pair is empty"));
      } else if (score.isEmpty()) {
        problems.add(
            Finding.error(
                row.place(), "%s: the score '%s' is no number".formatted(split, row.label())));
      } else {
        pairs.add(new Example(row.text(), row.pair(), Example.UNLABELLED, row.place()));
        scores.add(score.get());
      }
    }
    return ScoredPairs.of(split, pairs, scores.stream().mapToDouble(Double::doubleValue).toArray());
  }

  private static Optional<Double> score(String written) {
    try {
      double score = Double.parseDouble(written);
      return Double.isFinite(score) ? Optional.of(score) : Optional.empty();
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  /// All different texts of `rows`, in order.
  private static List<Example> texts(List<Row> rows) {
    Map<String, Example> different = new LinkedHashMap<>();
    for (Row row : rows) {
      Stream.concat(Stream.of(row.text()), row.pair().stream())
          .filter(text -> !text.isBlank())
          .forEach(text -> different.putIfAbsent(text, Example.ofText(text, row.place())));
    }
    return List.copyOf(different.values());
  }

  private static SimilarityData of(
      List<Example> texts, ScoredPairs validation, ScoredPairs test, Leakage leakage) {
    Splits splits =
        new Splits(
            new Dataset("train", texts, Labels.of(List.of())),
            Optional.empty(),
            Optional.empty(),
            List.of());
    for (ScoredPairs heldOut : List.of(validation, test)) {
      splits =
          Leaks.resolve(
              new Splits(
                  splits.train(),
                  Optional.empty(),
                  Optional.of(heldOut.texts()),
                  splits.findings()),
              leakage);
    }
    requireNone(splits.findings().stream().filter(Finding::isError).toList());
    return new SimilarityData(splits.train(), validation, test, splits.findings());
  }
}
