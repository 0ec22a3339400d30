package dev.retort.quality;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Named;
import dev.retort.data.DataRow;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Drops texts in which the model declines, or speaks of itself. What a person might write, such as
/// "I cannot log in", is none.
///
/// @param column with the text
/// @param patterns further regular expressions that give a refusal away
@Named("refusals")
@Doc("Drops texts in which the model declines or speaks of itself, in English.")
public record Refusals(
    @Doc("Column with the text.") String column,
    @Default("[]")
        @Doc("Further regular expressions that give a refusal away, for other languages.")
        List<String> patterns)
    implements RowFilter {

  private static final List<Pattern> USUAL =
      Patterns.compiled(
          List.of(
              "\\bas an? (?:ai\\b|artificial intelligence|(?:large )?language model)",
              "\\bi(?:'m| am) (?:just |only )?an? (?:ai\\b|artificial intelligence|(?:large )?language model)",
              "^(?:i(?:'m| am) )?(?:very |so )?sorry,? (?:but )?i(?:'m| am)? (?:cannot|can't|can not|unable to|not able to|won't|will not)\\b",
              "^i apologi[sz]e,? but i\\b",
              "^(?:unfortunately,? )?i (?:cannot|can't|can not|won't|will not|am unable to|am not able to) (?:help|assist|provide|fulfil|comply|create|write|generate|produce|answer|engage|complete|discuss|continue|do that|do this)\\b",
              "^i'm (?:unable|not able) to (?:help|assist|provide|fulfil|comply|create|write|generate|produce|answer|engage|complete|discuss|continue|do)\\b",
              "\\bi must (?:respectfully )?decline\\b"));

  public Refusals {
    patterns = List.copyOf(patterns);
    Check.notBlank("column", column);
    Patterns.check("patterns", patterns);
  }

  @Override
  public Map<String, String> reads() {
    return Map.of("column", column);
  }

  @Override
  public Optional<String> fault(DataRow row) {
    String text = Patterns.plain(row, column);
    return Patterns.first(USUAL, text)
        .or(() -> Patterns.first(Patterns.compiled(patterns), text))
        .map(found -> "%s is a refusal: '%s'".formatted(column, found));
  }
}
