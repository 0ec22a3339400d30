package dev.retort.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Texts without labels, for a student alone: its teacher answers about them. Neither a teacher's
/// fine-tuning nor a baseline sees them.
///
/// A text that is also held out, or nearly, gives way as `data.leakage` says: a student that has
/// heard the teacher's answer about it would be judged by what it was told. Repeated texts are
/// dropped.
///
/// @param data the texts that are left
/// @param findings what was noticed about them, errors included
public record Transfer(Dataset data, List<Finding> findings) {

  private static final String OTHER_FILES = "name other files";

  /// Where texts are.
  ///
  /// @param name what to call them
  /// @param setting the recipe's name for the pattern, such as `data.unlabelled`
  /// @param pattern a path or glob
  public record Source(String name, String setting, String pattern) {}

  public Transfer {
    findings = List.copyOf(findings);
  }

  /// The texts of `data.unlabelled`, without those that are in the training data.
  ///
  /// @param folder what relative paths start from
  /// @param splits what else there is
  /// @throws DataException with everything that is wrong with the files
  public static Optional<Transfer> unlabelled(DataSettings settings, Path folder, Splits splits)
      throws IOException {
    if (settings.unlabelled().isEmpty()) {
      return Optional.empty();
    }
    Source source = new Source("unlabelled", "data.unlabelled", settings.unlabelled().get());
    Dataset texts = read(source, settings, folder, splits.train().labels());
    requirePairs(texts, settings);
    return Optional.of(
        new Sieve(splits, settings.leakage()).sift(texts, splits.train().examples(), OTHER_FILES));
  }

  /// The texts of `source`, to be learnt from in place of the training data.
  ///
  /// @param folder what relative paths start from
  /// @param splits what else there is
  /// @throws DataException with everything that is wrong with the files
  public static Transfer of(Source source, DataSettings settings, Path folder, Splits splits)
      throws IOException {
    Dataset texts = read(source, settings, folder, splits.train().labels());
    return new Sieve(splits, settings.leakage()).sift(texts, List.of(), OTHER_FILES);
  }

  /// Those of `texts`, which were made of the training data, that may be learnt from: not in
  /// `known` and, whatever `data.leakage` says of the user's own texts, not held out.
  ///
  /// @param splits what else there is
  /// @param known all other texts that the student learns from
  public static Transfer augmented(Dataset texts, Splits splits, List<Example> known) {
    return new Sieve(splits, Leakage.DROP)
        .sift(texts, known, "raise data.augment.probability or copies, or leave data.augment out");
  }

  private static Dataset read(Source source, DataSettings settings, Path folder, Labels labels)
      throws IOException {
    List<Finding> problems = new ArrayList<>();
    try (DataReader reader = DataReader.open(folder, settings)) {
      List<Row> rows = reader.readTexts(source.setting(), source.pattern(), problems);
      if (!problems.isEmpty()) {
        throw new DataException(problems);
      }
      return new Dataset(
          source.name(),
          rows.stream()
              .map(row ->
                  new Example(
                      row.text(),
                      row.pair(),
                      Example.UNLABELLED,
                      row.place(),
                      Optional.empty(),
                      row.rationale(),
                      Optional.empty()))
              .toList(),
          labels);
    }
  }

  private static void requirePairs(Dataset texts, DataSettings settings) {
    if (settings.pair().isPresent()
        && texts.examples().stream().anyMatch(text -> text.pair().isEmpty())) {
      throw new DataException(
          List.of(
              Finding.of(
                  Finding.Severity.ERROR,
                  "data.unlabelled: there are single texts, but data.pair says that the task is about"
                      + " pairs; name .csv, .tsv, .jsonl or .parquet files with both columns")));
    }
  }
}
