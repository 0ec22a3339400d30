package dev.retort.chat.jinja;

import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// The methods of Python's `str`.
final class TextMethods {

  /// A method of a text.
  @FunctionalInterface
  private interface Method {
    Value call(String text, Arguments arguments);
  }

  private static final Map<String, Method> METHODS =
      Map.ofEntries(
          entry("capitalize", plain(Strings::capitalize)),
          entry("count", TextMethods::count),
          entry("endswith", (text, arguments) -> hasAffix("endswith", text, arguments)),
          entry("find", (text, arguments) -> place("find", text, arguments)),
          entry("format", TextFormat::apply),
          entry("index", TextMethods::index),
          entry("isalnum", test(Character::isLetterOrDigit)),
          entry("isalpha", test(Character::isLetter)),
          entry("isdecimal", test(Character::isDigit)),
          entry("isdigit", test(TextMethods::isDigit)),
          entry("islower", (text, arguments) -> none(arguments, Strings.isAll(text, false))),
          entry("isspace", test(Strings::isSpace)),
          entry("isupper", (text, arguments) -> none(arguments, Strings.isAll(text, true))),
          entry("join", TextMethods::join),
          entry("lower", plain(Strings::lower)),
          entry("lstrip", (text, arguments) -> strip(text, arguments, true, false)),
          entry("partition", TextMethods::partition),
          entry("removeprefix", TextMethods::removePrefix),
          entry("removesuffix", TextMethods::removeSuffix),
          entry("replace", TextMethods::replace),
          entry("rfind", (text, arguments) -> place("rfind", text, arguments)),
          entry("rpartition", TextMethods::partitionFromEnd),
          entry("rsplit", TextMethods::splitFromEnd),
          entry("rstrip", (text, arguments) -> strip(text, arguments, false, true)),
          entry("split", TextMethods::split),
          entry("splitlines", TextMethods::lines),
          entry("startswith", (text, arguments) -> hasAffix("startswith", text, arguments)),
          entry("strip", (text, arguments) -> strip(text, arguments, true, true)),
          entry("title", plain(Strings::title)),
          entry("upper", plain(Strings::upper)));

  /// What `str` has beyond these.
  private static final Set<String> OTHERS =
      Set.of(
          "casefold",
          "center",
          "encode",
          "expandtabs",
          "format_map",
          "isascii",
          "isidentifier",
          "isnumeric",
          "isprintable",
          "istitle",
          "ljust",
          "maketrans",
          "rindex",
          "rjust",
          "swapcase",
          "translate",
          "zfill");

  private TextMethods() {}

  /// The method of a text, ready to be called; empty if Python has none of this name.
  static Optional<Value> find(String text, String name) {
    if (OTHERS.contains(name)) {
      throw Attributes.unknown(Value.of(text), name);
    }
    return Optional.ofNullable(METHODS.get(name))
        .map(method -> Function.of(name, arguments -> method.call(text, arguments)));
  }

  /// The names of all methods that Python's `str` has.
  static Set<String> names() {
    Set<String> names = new HashSet<>(METHODS.keySet());
    names.addAll(OTHERS);
    return names;
  }

  /// The text without some characters at its ends, white space by default.
  static String strip(String text, Optional<String> characters, boolean start, boolean end) {
    IntPredicate kind =
        characters
            .<IntPredicate>map(some -> character -> some.indexOf(character) >= 0)
            .orElse(Strings::isSpace);
    String from = start ? Strings.stripStart(text, kind) : text;
    return end ? Strings.stripEnd(from, kind) : from;
  }

  private static Value strip(String text, Arguments arguments, boolean start, boolean end) {
    Arguments.Bound bound = bind("strip", arguments, "chars");
    return Value.of(strip(text, bound.some("chars").map(_ -> bound.string("chars")), start, end));
  }

  private static Value split(String text, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("split", "sep", "maxsplit");
    int most = bound.integer("maxsplit", -1);
    return texts(
        bound.some("sep").isPresent()
            ? Strings.split(text, bound.string("sep"), most)
            : Strings.words(text, most));
  }

  private static Value splitFromEnd(String text, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("rsplit", "sep", "maxsplit");
    int most = bound.integer("maxsplit", -1);
    if (bound.some("sep").isPresent()) {
      return texts(Strings.splitFromEnd(text, bound.string("sep"), most));
    }
    if (most >= 0) {
      throw Failure.unsupported("rsplit() at white space with a limit");
    }
    return texts(Strings.words(text, most));
  }

  private static Value lines(String text, Arguments arguments) {
    boolean keep = arguments.bind("splitlines", "keepends").flag("keepends");
    return texts(Strings.lines(text, keep));
  }

  private static Value texts(List<String> texts) {
    return Value.of(texts.stream().map(Value::of).toList());
  }

  private static Value replace(String text, Arguments arguments) {
    Arguments.Bound bound = bind("replace", arguments, "old", "new", "count");
    return Value.of(
        Strings.replace(
            text, bound.string("old"), bound.string("new"), bound.integer("count", -1)));
  }

  private static Value hasAffix(String name, String text, Arguments arguments) {
    Arguments.Bound bound = bind(name, arguments, "affix", "start", "end");
    Value affix = bound.get("affix");
    String part = part(text, bound);
    List<Value> choices = affix instanceof Value.Tuple(var items) ? items : List.of(affix);
    boolean found = false;
    for (Value choice : choices) {
      String wanted =
          Types.string(choice)
              .orElseThrow(() ->
                  Failure.evaluation(
                      "%s first arg must be str or a tuple of str, not %s",
                      name, Types.name(choice)));
      found |= name.equals("startswith") ? part.startsWith(wanted) : part.endsWith(wanted);
    }
    return Value.of(found);
  }

  private static String part(String text, Arguments.Bound bound) {
    Value start = bound.find("start").orElse(Value.None.NONE);
    Value end = bound.find("end").orElse(Value.None.NONE);
    return Slice.of(start, end, Value.None.NONE).of(text);
  }

  private static Value place(String name, String text, Arguments arguments) {
    Arguments.Bound bound = bind(name, arguments, "sub", "start", "end");
    if (bound.find("start").isPresent()) {
      throw Failure.unsupported("%s() with bounds", name);
    }
    String wanted = bound.string("sub");
    int found = name.equals("find") ? text.indexOf(wanted) : text.lastIndexOf(wanted);
    return Value.of(found < 0 ? -1 : text.codePointCount(0, found));
  }

  private static Value index(String text, Arguments arguments) {
    Value found = place("find", text, arguments);
    if (found.equals(Value.of(-1))) {
      throw Failure.evaluation("substring not found");
    }
    return found;
  }

  private static Value count(String text, Arguments arguments) {
    Arguments.Bound bound = bind("count", arguments, "sub", "start", "end");
    String part = part(text, bound);
    String wanted = bound.string("sub");
    return Value.of(
        wanted.isEmpty() ? Strings.length(part) + 1 : Strings.split(part, wanted, -1).size() - 1);
  }

  private static Value join(String text, Arguments arguments) {
    List<Value> items = Types.items(bind("join", arguments, "iterable").get("iterable"));
    List<String> parts = new ArrayList<>();
    for (Value item : items) {
      parts.add(
          Types.string(item)
              .orElseThrow(() ->
                  Failure.evaluation(
                      "sequence item %d: expected str instance, %s found",
                      parts.size(), Types.name(item))));
    }
    return Value.of(String.join(text, parts));
  }

  private static Value partition(String text, Arguments arguments) {
    String separator = bind("partition", arguments, "sep").string("sep");
    List<String> parts = Strings.split(text, separator, 1);
    return tuple(
        parts.size() == 1
            ? List.of(text, "", "")
            : List.of(parts.getFirst(), separator, parts.getLast()));
  }

  private static Value partitionFromEnd(String text, Arguments arguments) {
    String separator = bind("rpartition", arguments, "sep").string("sep");
    List<String> parts = Strings.splitFromEnd(text, separator, 1);
    return tuple(
        parts.size() == 1
            ? List.of("", "", text)
            : List.of(parts.getFirst(), separator, parts.getLast()));
  }

  private static Value tuple(List<String> texts) {
    return new Value.Tuple(texts.stream().map(Value::of).collect(Collectors.toList()));
  }

  private static Value removePrefix(String text, Arguments arguments) {
    String prefix = bind("removeprefix", arguments, "prefix").string("prefix");
    return Value.of(text.startsWith(prefix) ? text.substring(prefix.length()) : text);
  }

  private static Value removeSuffix(String text, Arguments arguments) {
    String suffix = bind("removesuffix", arguments, "suffix").string("suffix");
    return Value.of(
        text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text);
  }

  private static boolean isDigit(int character) {
    if (Character.getType(character) == Character.OTHER_NUMBER) {
      throw Failure.unsupported(
          "isdigit() of the character %s", Repr.of(Character.toString(character)));
    }
    return Character.isDigit(character);
  }

  private static Method plain(UnaryOperator<String> change) {
    return (text, arguments) -> {
      arguments.bind("str");
      return Value.of(change.apply(text));
    };
  }

  private static Method test(IntPredicate kind) {
    return (text, arguments) ->
        none(arguments, !text.isEmpty() && text.codePoints().allMatch(kind));
  }

  private static Value none(Arguments arguments, boolean result) {
    arguments.bind("str");
    return Value.of(result);
  }

  /// Binds parameters that Python does not know by name.
  private static Arguments.Bound bind(String name, Arguments arguments, String... parameters) {
    return new Arguments(arguments.positionalOnly(name), Arguments.NONE.keywords())
        .bind(name, parameters);
  }
}
