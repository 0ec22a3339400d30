package dev.retort.data;

import dev.retort.catalog.Suggestion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The columns that a recipe names, and the roles they play.
///
/// @param route the column that decides which teacher answers, if one does
/// @param more the column with reasons, or with who says so, which any file may lack
/// @param optional whether a file may lack all columns but that of the text
/// @param whole whether a row is taken as it is, whatever its columns are
record Columns(
    String text,
    Optional<String> pair,
    Optional<String> label,
    Optional<String> route,
    Optional<String> more,
    boolean optional,
    boolean whole) {
  private static final Pattern NUMBERED = Pattern.compile("column\\d+");
  private static final int COLUMNS_SHOWN = 20;

  static Columns of(DataSettings settings, Optional<String> route) {
    return new Columns(
        settings.text(),
        settings.pair(),
        settings.label(),
        route,
        settings.stepByStep().map(StepByStep::rationale),
        false,
        settings.rows() != RowShape.COLUMNS);
  }

  /// All columns of every row, taken whole.
  static Columns all() {
    return new Columns(
        "text",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false,
        true);
  }

  /// The columns of a file of corrections: texts, labels, and who says so, which it may lack.
  static Columns ofCorrections(DataSettings settings) {
    return new Columns(
        settings.text(),
        settings.pair(),
        Optional.of(settings.label().orElse("label")),
        Optional.empty(),
        Optional.of(Corrections.BY),
        false,
        false);
  }

  /// The same columns, of which a file need have only that of the text.
  Columns textsOnly() {
    return new Columns(text, pair, label, route, more, true, whole);
  }

  /// These columns as they are in a file with the columns `found`.
  ///
  /// @throws DataException with all named columns that must be there and are not
  Columns in(Path file, Collection<String> found) {
    Columns present =
        new Columns(
            text,
            pair.filter(name -> !optional || found.contains(name)),
            label.filter(name -> !optional || found.contains(name)),
            route.filter(name -> !optional || found.contains(name)),
            more.filter(found::contains),
            optional,
            whole);
    present.requireIn(file, found);
    return present;
  }

  /// Path in the recipe to column name, for the settings that are given.
  Map<String, String> byRole() {
    Map<String, String> names = new LinkedHashMap<>();
    names.put("data.text", text);
    pair.ifPresent(name -> names.put("data.pair", name));
    label.ifPresent(name -> names.put("data.label", name));
    route.ifPresent(name -> names.put("combine.column", name));
    more.ifPresent(name ->
        names.put(
            name.equals(Corrections.BY) ? "data.corrections" : "data.stepByStep.rationale", name));
    return names;
  }

  /// The column names of a file whose first record is `first`: the record itself if it is a header,
  /// otherwise `column0`, `column1`, …. A file has no header if the recipe calls all its columns by
  /// number and the record does not name them.
  List<String> namesIn(List<String> first) {
    Collection<String> wanted = optional ? List.of(text) : byRole().values();
    boolean numbered = wanted.stream().allMatch(name -> NUMBERED.matcher(name).matches());
    return !numbered || first.containsAll(wanted)
        ? first
        : IntStream.range(0, first.size()).mapToObj(index -> "column" + index).toList();
  }

  /// Fails with all named columns that are not among `found`.
  private void requireIn(Path file, Collection<String> found) {
    List<Finding> missing = new ArrayList<>();
    byRole()
        .forEach((role, name) -> {
          if (!found.contains(name)) {
            missing.add(Finding.error(Place.of(file), missing(role, name, found)));
          }
        });
    if (!missing.isEmpty()) {
      throw new DataException(missing);
    }
  }

  private static String missing(String role, String name, Collection<String> found) {
    String listed = found.stream().limit(COLUMNS_SHOWN).collect(Collectors.joining(", "));
    return "%s: there is no column '%s'; the columns are %s%s%s"
        .formatted(
            role,
            name,
            listed,
            found.size() > COLUMNS_SHOWN ? ", …" : "",
            Suggestion.suffix(name, found));
  }
}
