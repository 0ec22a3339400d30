package dev.retort.chat.jinja;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The filters and tests of a template.
///
/// @param filters by their names
/// @param tests by their names
record Library(Map<String, Filter> filters, Map<String, Test> tests) {

  /// What `value | name(arguments)` computes.
  @FunctionalInterface
  interface Filter {
    Value apply(Value value, Arguments arguments);
  }

  /// What `value is name(arguments)` finds.
  @FunctionalInterface
  interface Test {
    boolean holds(Value value, Arguments arguments);
  }

  /// What jinja2 has and this interpreter has not.
  private static final Set<String> UNSUPPORTED_FILTERS =
      Set.of(
          "center",
          "filesizeformat",
          "groupby",
          "pprint",
          "random",
          "slice",
          "striptags",
          "truncate",
          "urlencode",
          "urlize",
          "wordcount",
          "wordwrap",
          "xmlattr");

  /// jinja2's filters and tests, with transformers' `tojson`.
  static Library standard() {
    Map<String, Filter> filters = new HashMap<>();
    Map<String, Test> tests = new HashMap<>();
    Library library = new Library(filters, tests);
    filters.putAll(TextFilters.all());
    filters.putAll(SequenceFilters.all());
    filters.putAll(SelectionFilters.all(library));
    tests.putAll(Tests.all(library));
    return library;
  }

  /// Whether jinja2 has a filter of this name that is missing here.
  static boolean lacksFilter(String name) {
    return UNSUPPORTED_FILTERS.contains(name);
  }

  /// @param end how the message ends if there is none: jinja2 has two wordings
  /// @throws Failure if there is none
  Filter filter(String name, String end) {
    if (lacksFilter(name)) {
      throw Failure.unsupported("the filter %s", Repr.of(name));
    }
    return Optional.ofNullable(filters.get(name))
        .orElseThrow(() -> Failure.evaluation("No filter named %s%s", Repr.of(name), end));
  }

  /// @param end how the message ends if there is none
  /// @throws Failure if there is none
  Test test(String name, String end) {
    return Optional.ofNullable(tests.get(name))
        .orElseThrow(() -> Failure.evaluation("No test named %s%s", Repr.of(name), end));
  }
}
