package dev.retort.quality;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Named;
import dev.retort.data.DataRow;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Drops rows with a column that is not in its form.
///
/// @param column that is looked at
/// @param oneOf what may stand there
/// @param pattern a regular expression for the whole of it
/// @param schema a JSON schema of JSON in it
@Named("format")
@Doc("Drops rows with a column that is not in its form: a set of values, a pattern, a JSON schema.")
public record Format(
    @Doc("Column that is looked at.") String column,
    @Default("[]") @Doc("What may stand there, such as labels.") List<String> oneOf,
    @Doc("Regular expression that must match the whole of it.") Optional<String> pattern,
    @Doc("JSON Schema (2020-12), as text, that JSON in it must fit.") Optional<String> schema)
    implements RowFilter {

  public Format {
    oneOf = List.copyOf(oneOf);
    Check.notBlank("column", column);
    Check.that(
        !oneOf.isEmpty() || pattern.isPresent() || schema.isPresent(),
        "oneOf",
        "is missing, and so are `pattern` and `schema`");
    Patterns.check("pattern", pattern.stream().toList());
    schema.ifPresent(Format::requireSchema);
  }

  private static void requireSchema(String schema) {
    try {
      parsed(schema);
    } catch (JacksonException | SchemaException e) {
      Check.that(false, "schema", "is no JSON Schema: " + e.getMessage());
    }
  }

  private static com.networknt.schema.Schema parsed(String schema) {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(JsonMapper.shared().readTree(schema));
  }

  @Override
  public Map<String, String> reads() {
    return Map.of("column", column);
  }

  @Override
  public Optional<String> fault(DataRow row) {
    JsonNode value = row.fields().get(column);
    String text =
        value != null && value.isContainer() ? value.toString() : row.text(column).orElse("");
    if (!oneOf.isEmpty() && !oneOf.contains(text)) {
      return Optional.of("%s is '%s', not one of %s".formatted(column, text, oneOf));
    }
    if (pattern.filter(wanted -> !Pattern.matches(wanted, text)).isPresent()) {
      return Optional.of("%s is '%s', not like %s".formatted(column, text, pattern.get()));
    }
    return schema.flatMap(wanted -> unfit(wanted, text));
  }

  private Optional<String> unfit(String wanted, String text) {
    try {
      List<Error> errors = parsed(wanted).validate(text, InputFormat.JSON);
      return errors.stream()
          .findFirst()
          .map(error -> "%s does not fit its schema: %s".formatted(column, error));
    } catch (JacksonException e) {
      return Optional.of("%s is no JSON: %s".formatted(column, e.getOriginalMessage()));
    }
  }
}
