package dev.retort.redact;

import dev.retort.catalog.Check;
import dev.retort.catalog.Doc;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Something else that must not leave the machine.
///
/// @param name what its placeholders are called
/// @param pattern regular expression of Java
public record CustomPattern(
    @Doc("Name of its placeholders, in capitals: `CUSTOMER` makes `[CUSTOMER_1]`.") String name,
    @Doc(
            "Regular expression, as Java has them; if it has a group called `secret`, only that is"
                + " replaced.")
        String pattern) {

  public CustomPattern {
    Check.that(
        name.matches("[A-Z][A-Z0-9_]{0,31}"),
        "name",
        "must be 1 to 32 capitals, digits and '_', beginning with a letter, but is '%s'"
            .formatted(name));
    compile(pattern);
  }

  Finder finder() {
    PatternFinder finder = new PatternFinder(compile(pattern), _ -> true);
    return text -> MeteredText.find(name, finder, text);
  }

  private static Pattern compile(String pattern) {
    try {
      return Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "pattern is no regular expression: %s at position %d"
              .formatted(e.getDescription(), e.getIndex()),
          e);
    }
  }
}
