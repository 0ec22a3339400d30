package dev.retort.quality;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Named;
import dev.retort.data.DataRow;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Drops texts that are too short or too long.
///
/// @param column with the text
/// @param atLeast fewest
/// @param atMost most
/// @param unit what is counted
@Named("length")
@Doc("Drops texts that are too short or too long.")
public record Length(
    @Doc("Column with the text.") String column,
    @Default("1") @Doc("How long a text is at least.") int atLeast,
    @Doc("How long a text is at most; any length if left out.") Optional<Integer> atMost,
    @Default("words") @Doc("What is counted: `words` or `characters`.") Unit unit)
    implements RowFilter {

  private static final Pattern WORD = Pattern.compile("\\S+");

  /// What is counted.
  public enum Unit {
    /// Runs of anything but white space.
    WORDS,
    /// Code points.
    CHARACTERS
  }

  public Length {
    Check.notBlank("column", column);
    Check.atLeast("atLeast", atLeast, 0);
    int fewest = atLeast;
    atMost.ifPresent(most -> Check.atLeast("atMost", most, fewest));
  }

  @Override
  public Map<String, String> reads() {
    return Map.of("column", column);
  }

  @Override
  public Optional<String> fault(DataRow row) {
    int length = length(row.text(column).orElse("").strip());
    if (length < atLeast) {
      return Optional.of(says(length, "fewer than", atLeast));
    }
    return atMost.filter(most -> length > most).map(most -> says(length, "more than", most));
  }

  private int length(String text) {
    return switch (unit) {
      case WORDS -> (int) WORD.matcher(text).results().count();
      case CHARACTERS -> text.codePointCount(0, text.length());
    };
  }

  private String says(int length, String relation, int limit) {
    return "%s has %,d %s, %s %,d"
        .formatted(column, length, unit.name().toLowerCase(Locale.ROOT), relation, limit);
  }
}
