package dev.retort.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Labels that people gave to texts of the data, in place of those that stand there. Texts are
/// found whatever their case and white space.
///
/// @param byText what was said, by the folded text it was said about
record Corrections(Map<String, Row> byText) {

  /// The column that says who corrected.
  static final String BY = "by";

  private static final String SOMEBODY = "somebody";

  /// The corrections that `settings` name, if they do.
  ///
  /// @throws DataException with everything that is wrong with the file, such as a text that was
  ///   corrected to two labels
  static Corrections read(DataSettings settings, Path folder) throws IOException {
    if (settings.corrections().isEmpty()) {
      return new Corrections(Map.of());
    }
    List<Finding> problems = new ArrayList<>();
    Map<String, Row> byText = new LinkedHashMap<>();
    try (DataReader reader = DataReader.ofCorrections(folder, settings)) {
      for (Row row : reader.read("data.corrections", settings.corrections().get(), problems)) {
        add(row, byText, problems);
      }
    }
    if (!problems.isEmpty()) {
      throw new DataException(problems);
    }
    return new Corrections(byText);
  }

  private static void add(Row row, Map<String, Row> byText, List<Finding> problems) {
    if (row.label().isEmpty()) {
      problems.add(Finding.error(row.place(), "has no label; say what is right, or delete it"));
      return;
    }
    Row before = byText.putIfAbsent(Example.folded(row.text(), row.pair()), row);
    if (before != null && !before.label().equals(row.label())) {
      problems.add(
          Finding.error(
              row.place(),
              "says '%s' of a text that is '%s' in %s; keep one of the two"
                  .formatted(row.label(), before.label(), before.place())));
    }
  }

  /// `rows` with what people said of them.
  List<Row> apply(List<Row> rows) {
    return rows.stream()
        .map(row -> of(row).map(said -> row.corrected(said.label(), who(said))).orElse(row))
        .toList();
  }

  private Optional<Row> of(Row row) {
    return Optional.ofNullable(byText.get(Example.folded(row.text(), row.pair())));
  }

  private static String who(Row correction) {
    return correction
        .rationale()
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .orElse(SOMEBODY);
  }

  /// How many labels of `rows` are whose; a warning if some corrections are of no text among them.
  Optional<Finding> finding(Stream<Row> rows) {
    if (byText.isEmpty()) {
      return Optional.empty();
    }
    SortedMap<String, Integer> labels = new TreeMap<>();
    Set<String> found = new HashSet<>();
    rows.forEach(row -> {
      row.by().ifPresent(who -> labels.merge(who, 1, Integer::sum));
      found.add(Example.folded(row.text(), row.pair()));
    });
    long strangers = byText.keySet().stream().filter(text -> !found.contains(text)).count();
    String said =
        labels.entrySet().stream()
            .map(entry -> String.format(Locale.ROOT, "%,d by %s", entry.getValue(), entry.getKey()))
            .collect(Collectors.joining(", "));
    return Optional.of(
        new Finding(
            strangers > 0 ? Finding.Severity.WARNING : Finding.Severity.INFO,
            Optional.empty(),
            "data.corrections: labels of people: %s%s"
                .formatted(
                    said.isEmpty() ? "none" : said,
                    strangers > 0
                        ? String.format(
                            Locale.ROOT, "; %,d are of texts that the data do not have", strangers)
                        : "")));
  }
}
