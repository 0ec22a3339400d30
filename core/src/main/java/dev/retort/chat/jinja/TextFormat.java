package dev.retort.chat.jinja;

import java.util.Iterator;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// Python's `str.format` with fields that are empty, numbers or names, without what may follow
/// them.
final class TextFormat {
  private static final Pattern FIELD = Pattern.compile("\\{\\{|}}|\\{([^{}]*)}|[{}]");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");
  private static final Pattern NAME = Pattern.compile("\\w*");

  private TextFormat() {}

  static Value apply(String format, Arguments arguments) {
    Iterator<Value> next = arguments.positional().iterator();
    StringBuilder result = new StringBuilder();
    int end = 0;
    for (MatchResult match : FIELD.matcher(format).results().toList()) {
      result.append(format, end, match.start());
      result.append(replacement(match, arguments, next));
      end = match.end();
    }
    return Value.of(result.append(format.substring(end)).toString());
  }

  private static String replacement(MatchResult match, Arguments arguments, Iterator<Value> next) {
    String field = match.group(1);
    if (field != null) {
      return Repr.text(value(field, arguments, next));
    }
    if (match.group().length() == 1) {
      throw Failure.evaluation("Single '%s' encountered in format string", match.group());
    }
    return match.group().substring(1);
  }

  private static Value value(String field, Arguments arguments, Iterator<Value> next) {
    if (!NAME.matcher(field).matches()) {
      throw Failure.unsupported("the field {%s} of format()", field);
    }
    List<Value> positional = arguments.positional();
    if (field.isEmpty() || NUMBER.matcher(field).matches()) {
      boolean there =
          field.isEmpty() ? next.hasNext() : Integer.parseInt(field) < positional.size();
      if (!there) {
        throw Failure.evaluation(
            "Replacement index %s out of range for positional args tuple",
            field.isEmpty() ? positional.size() : field);
      }
      return field.isEmpty() ? next.next() : positional.get(Integer.parseInt(field));
    }
    Value value = arguments.keywords().get(field);
    if (value == null) {
      throw Failure.evaluation("%s", Repr.of(field));
    }
    return value;
  }
}
