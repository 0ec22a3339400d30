package dev.retort.quality;

import dev.retort.catalog.Check;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Named;
import dev.retort.data.DataRow;
import java.util.Map;
import java.util.Optional;

/// Drops rows with a number that is too low: a teacher's confidence, agreement with itself, score.
///
/// @param column with the number
/// @param atLeast the lowest that is kept
@Named("threshold")
@Doc("Drops rows whose `confidence`, `agreement`, `score` or other number is too low.")
public record Threshold(
    @Doc("Column with the number, such as `confidence`, `agreement` or `score`.") String column,
    @Doc("The lowest number that is kept.") double atLeast)
    implements RowFilter {

  public Threshold {
    Check.notBlank("column", column);
    Check.that(Double.isFinite(atLeast), "atLeast", "must be a number but is " + atLeast);
  }

  @Override
  public Map<String, String> reads() {
    return Map.of("column", column);
  }

  @Override
  public Optional<String> fault(DataRow row) {
    String text = row.text(column).orElse("").strip();
    try {
      double value = Double.parseDouble(text);
      return value >= atLeast
          ? Optional.empty()
          : Optional.of("%s is %s, below %s".formatted(column, text, atLeast));
    } catch (NumberFormatException e) {
      return Optional.of("%s is '%s', which is no number".formatted(column, text));
    }
  }
}
