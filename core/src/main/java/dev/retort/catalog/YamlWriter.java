package dev.retort.catalog;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// Writes a record as the recipe that says everything, defaults included. [Binder] makes an equal
/// record of it.
public final class YamlWriter {

  private static final Location NOWHERE = new Location.Nowhere();

  private final Shapes shapes;

  /// A writer for records that use the types of these catalogs.
  public YamlWriter(Catalog<?>... catalogs) {
    this(List.of(catalogs));
  }

  /// A writer for records that use the types of these catalogs.
  public YamlWriter(List<Catalog<?>> catalogs) {
    this.shapes = new Shapes(catalogs);
  }

  /// The YAML of a record; throws [IllegalArgumentException] if it holds something no recipe can
  /// say, such as an infinite number.
  public String write(Record recipe) {
    return YamlText.of(section(recipe));
  }

  private Node.Mapping section(Record record) {
    List<Setting> settings = shapes.settings(record.getClass());
    List<Object> values = Records.values(record);
    SequencedMap<String, Node> entries = new LinkedHashMap<>();
    for (int i = 0; i < settings.size(); i++) {
      Setting setting = settings.get(i);
      Object value = values.get(i);
      if (setting.inline()) {
        entries.putAll(inline(setting.shape(), (Record) value).entries());
      } else if (!value.equals(Optional.empty()) || setting.fallback().isPresent()) {
        entries.put(setting.name(), node(setting.shape(), value));
      }
    }
    return new Node.Mapping(entries, NOWHERE);
  }

  private Node.Mapping inline(Shape shape, Record record) {
    return shape instanceof Shape.Choice ? named(record) : section(record);
  }

  private Node node(Shape shape, Object value) {
    return switch (shape) {
      case Shape.Single(ScalarKind kind) ->
          new Node.Scalar(kind.format(value), kind.isLiteral(), NOWHERE);
      case Shape.Constant _ -> text(Shapes.constantName((Enum<?>) value));
      case Shape.Parsed(ParseFactory factory) -> parsed(factory, value);
      case Shape.Maybe(Shape item) -> maybe(item, (Optional<?>) value);
      case Shape.Many(Shape item) ->
          new Node.Sequence(
              ((List<?>) value).stream().map(element -> node(item, element)).toList(), NOWHERE);
      case Shape.Keyed(Shape item) -> map(item, (Map<?, ?>) value);
      case Shape.Section(var type) ->
          ParseFactory.of(type)
              .flatMap(factory -> asText(factory, value))
              .orElseGet(() -> section((Record) value));
      case Shape.Choice(Catalog<?> catalog) -> choice(catalog, value);
    };
  }

  private Node maybe(Shape item, Optional<?> value) {
    return value.isPresent() ? node(item, value.get()) : new Node.Empty(NOWHERE);
  }

  private static Node parsed(ParseFactory factory, Object value) {
    return asText(factory, value)
        .orElseThrow(() ->
            new IllegalStateException(
                "%s.parse must understand the toString of '%s'"
                    .formatted(factory.type().getSimpleName(), value)));
  }

  private Node choice(Catalog<?> catalog, Object value) {
    if (!catalog.types().containsValue(value.getClass())) {
      return ParseFactory.of(catalog.base())
          .flatMap(factory -> asText(factory, value))
          .orElseThrow(() ->
              new IllegalArgumentException(
                  "%s is no %s a recipe can name; it has %s"
                      .formatted(value, catalog.kind(), catalog.names())));
    }
    Node.Mapping named = named((Record) value);
    return named.entries().size() == 1 ? named.entries().firstEntry().getValue() : named;
  }

  private Node.Mapping named(Record record) {
    SequencedMap<String, Node> entries = new LinkedHashMap<>();
    entries.put(Shapes.USE, text(Catalog.nameOf(record.getClass())));
    entries.putAll(section(record).entries());
    return new Node.Mapping(entries, NOWHERE);
  }

  private Node map(Shape item, Map<?, ?> values) {
    SequencedMap<String, Node> entries = new LinkedHashMap<>();
    values.forEach((key, value) -> entries.put(key.toString(), node(item, value)));
    return new Node.Mapping(entries, NOWHERE);
  }

  /// A value is written as its `toString` exactly when `parse` gives it back.
  private static Optional<Node> asText(ParseFactory factory, Object value) {
    try {
      String text = value.toString();
      return factory.parse(text).equals(value) ? Optional.of(text(text)) : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static Node text(String text) {
    return new Node.Scalar(text, false, NOWHERE);
  }
}
