package dev.retort.catalog;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;

/// One pass over a recipe: what has been understood and what is wrong. Methods give an empty result
/// after they have reported why.
final class Binding {

  private final Shapes shapes;
  private final List<Problem> problems = new ArrayList<>();

  Binding(Shapes shapes) {
    this.shapes = shapes;
  }

  List<Problem> problems() {
    return problems;
  }

  /// The record whose settings are all of `given`.
  Optional<Object> section(Class<? extends Record> type, String path, Node.Mapping given) {
    problems.addAll(Keys.of(Variant.of(type, shapes), given).unknown(path, given));
    return construct(type, path, given);
  }

  private Optional<Object> construct(
      Class<? extends Record> type, String path, Node.Mapping given) {
    List<Optional<Object>> values =
        shapes.settings(type).stream().map(setting -> component(setting, path, given)).toList();
    if (values.stream().anyMatch(Optional::isEmpty)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Records.create(type, values.stream().map(Optional::orElseThrow).toList()));
    } catch (IllegalArgumentException e) {
      problems.add(Refusal.problem(e, shapes.settings(type), path, given));
      return Optional.empty();
    }
  }

  private Optional<Object> component(Setting setting, String path, Node.Mapping given) {
    if (setting.inline()) {
      return switch (setting.shape()) {
        case Shape.Section(var type) -> construct(type, path, given);
        case Shape.Choice(Catalog<?> catalog) ->
            use(catalog, path, given).flatMap(type -> construct(type, path, given));
        default ->
            throw new IllegalStateException("only a record can be inline, not " + setting.name());
      };
    }
    String inner = SettingPath.join(path, setting.name());
    Node node = given.entries().get(setting.name());
    if (node != null) {
      return value(setting.shape(), inner, node);
    }
    if (setting.required()) {
      String doc = setting.doc().isEmpty() ? "" : "\n" + setting.doc();
      return problem(inner, given, "required setting is missing" + doc);
    }
    return fallback(setting, inner);
  }

  private Optional<Object> fallback(Setting setting, String path) {
    Node node = setting.fallbackNode().orElseGet(() -> new Node.Empty(new Location.Nowhere()));
    Binding binding = new Binding(shapes);
    Optional<Object> bound = binding.value(setting.shape(), path, node);
    if (!binding.problems.isEmpty()) {
      throw new IllegalStateException("@Default is wrong: " + binding.problems);
    }
    return bound;
  }

  private Optional<Object> value(Shape shape, String path, Node node) {
    if (shape instanceof Shape.Maybe(Shape item)) {
      return node instanceof Node.Empty
          ? Optional.of(Optional.empty())
          : value(item, path, node).map(Optional::of);
    }
    if (node instanceof Node.Empty) {
      return problem(path, node, "has no value; give one, or delete the line for the default");
    }
    return switch (shape) {
      case Shape.Single(ScalarKind kind) -> single(kind.description(), path, node, kind::parse);
      case Shape.Constant(var type) -> constant(type, path, node);
      case Shape.Parsed(ParseFactory factory) -> single("text", path, node, factory::parse);
      case Shape.Many(Shape item) -> list(item, path, node);
      case Shape.Keyed(Shape item) -> map(item, path, node);
      case Shape.Section(var type) -> sectionOrText(type, path, node);
      case Shape.Choice(Catalog<?> catalog) -> choice(catalog, path, node);
      case Shape.Maybe _ -> throw new AssertionError("handled above");
    };
  }

  private Optional<Object> single(
      String expected, String path, Node node, Function<String, Object> parse) {
    if (!(node instanceof Node.Scalar scalar)) {
      return unexpected(path, node, expected);
    }
    try {
      return Optional.of(parse.apply(scalar.text()));
    } catch (IllegalArgumentException e) {
      return problem(path, node, Objects.requireNonNullElse(e.getMessage(), "is not allowed"));
    }
  }

  private Optional<Object> constant(Class<? extends Enum<?>> type, String path, Node node) {
    List<String> names = Shapes.constantNames(type);
    if (!(node instanceof Node.Scalar(String name, boolean _, Location _))) {
      return unexpected(path, node, "one of " + names);
    }
    int index = names.indexOf(name);
    return index < 0
        ? unknownName(path, node, name, names)
        : Optional.of(type.getEnumConstants()[index]);
  }

  private Optional<Object> list(Shape item, String path, Node node) {
    if (!(node instanceof Node.Sequence list)) {
      return unexpected(path, node, "a list, as in [a, b],");
    }
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < list.items().size(); i++) {
      value(item, SettingPath.join(path, i), list.items().get(i)).ifPresent(values::add);
    }
    return values.size() < list.items().size()
        ? Optional.empty()
        : Optional.of(List.copyOf(values));
  }

  private Optional<Object> map(Shape item, String path, Node node) {
    if (!(node instanceof Node.Mapping given)) {
      return unexpected(path, node, "settings (key: value)");
    }
    SequencedMap<String, Object> values = new LinkedHashMap<>();
    for (Map.Entry<String, Node> entry : given.entries().entrySet()) {
      value(item, SettingPath.join(path, entry.getKey()), entry.getValue())
          .ifPresent(value -> values.put(entry.getKey(), value));
    }
    return values.size() < given.entries().size()
        ? Optional.empty()
        : Optional.of(Collections.unmodifiableSequencedMap(values));
  }

  private Optional<Object> sectionOrText(Class<? extends Record> type, String path, Node node) {
    Optional<ParseFactory> factory = ParseFactory.of(type);
    return switch (node) {
      case Node.Mapping given -> section(type, path, given);
      case Node.Scalar _ when factory.isPresent() ->
          single("text", path, node, factory.orElseThrow()::parse);
      case Node.Scalar name when shapes.isChoiceWithExtras(type) ->
          section(type, path, Node.Mapping.empty(node.at()).with(Shapes.USE, name));
      default -> unexpected(path, node, "settings (key: value)");
    };
  }

  private Optional<Object> choice(Catalog<?> catalog, String path, Node node) {
    return switch (node) {
      case Node.Mapping given -> {
        problems.addAll(Keys.of(Variant.of(catalog, shapes), given).unknown(path, given));
        yield use(catalog, path, given).flatMap(type -> construct(type, path, given));
      }
      case Node.Scalar name -> named(catalog, path, name);
      default -> unexpected(path, node, "one of " + catalog.names());
    };
  }

  private Optional<Object> named(Catalog<?> catalog, String path, Node.Scalar name) {
    Optional<Class<? extends Record>> type = catalog.recordType(name.text());
    if (type.isPresent()) {
      return construct(type.get(), path, Node.Mapping.empty(name.at()));
    }
    return ParseFactory.of(catalog.base())
        .map(factory -> single("text", path, name, factory::parse))
        .orElseGet(() -> unknownName(path, name, name.text(), catalog.names()));
  }

  private Optional<Class<? extends Record>> use(
      Catalog<?> catalog, String path, Node.Mapping given) {
    String inner = SettingPath.join(path, Shapes.USE);
    Node node = given.entries().get(Shapes.USE);
    if (node == null) {
      return problem(inner, given, "required setting is missing; it is one of " + catalog.names());
    }
    if (!(node instanceof Node.Scalar(String name, boolean _, Location _))) {
      return unexpected(inner, node, "one of " + catalog.names());
    }
    Optional<Class<? extends Record>> type = catalog.recordType(name);
    return type.isPresent() ? type : unknownName(inner, node, name, catalog.names());
  }

  private <R> Optional<R> unknownName(String path, Node node, String name, List<String> allowed) {
    String suggestion = Suggestion.suffix(name, allowed);
    return problem(path, node, "'%s' is not one of %s%s".formatted(name, allowed, suggestion));
  }

  private <R> Optional<R> unexpected(String path, Node node, String expected) {
    return problem(path, node, "expected %s but found %s".formatted(expected, node.found()));
  }

  private <R> Optional<R> problem(String path, Node node, String message) {
    problems.add(new Problem(path, node.at(), message));
    return Optional.empty();
  }
}
