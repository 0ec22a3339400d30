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

/// Drops texts with something left of how they were asked for: placeholders that nobody filled in,
/// marks of chat templates, "Sure, here is".
///
/// @param column with the text
/// @param patterns further regular expressions that give a leak away
@Named("template-leaks")
@Doc(
    "Drops texts with placeholders, marks of chat templates, or an introduction like `Sure, here is`.")
public record TemplateLeaks(
    @Doc("Column with the text.") String column,
    @Default("[]") @Doc("Further regular expressions that give a leak away.") List<String> patterns)
    implements RowFilter {

  /// Placeholders in capitals are told from other words by their case.
  private static final List<Pattern> CASED =
      List.of(
          Pattern.compile("\\[[A-Z][A-Z _/-]{2,}]"),
          Pattern.compile("<[A-Z][A-Z _/-]{2,}>"),
          Pattern.compile("\\{[A-Z][A-Z _/-]{2,}}"));

  private static final List<Pattern> USUAL =
      Patterns.compiled(
          List.of(
              "\\{\\{[^}]*}}|\\{%[^%]*%}",
              "[\\[<](?:insert|your|enter|add|fill in|placeholder)\\b[^\\]>]{0,60}[\\]>]",
              "<\\|[a-z_]+\\|>|\\[/?INST]|<</?SYS>>|</?s>",
              "^(?:sure|certainly|of course|absolutely|great)[,!.:]* (?:here(?:'s| is| are)|i(?:'d| would) be (?:happy|glad)|i can help)\\b",
              "^here(?:'s| is| are) (?:a|an|the|your|one|some|another)\\b[^\\n]{0,80}:",
              "^(?:new |rewritten |revised )?(?:prompt|text|answer|example|paraphrase)(?: \\d+)?:\\s"));

  public TemplateLeaks {
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
    return Patterns.first(CASED, text)
        .or(() -> Patterns.first(USUAL, text))
        .or(() -> Patterns.first(Patterns.compiled(patterns), text))
        .map(found -> "%s has a leak of its template: '%s'".formatted(column, found));
  }
}
