package dev.retort.catalog;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// Derives from record types what recipes may hold.
final class Shapes {

  /// The key that holds the name of a catalog's type.
  static final String USE = "use";

  private final List<Catalog<?>> catalogs;

  Shapes(List<Catalog<?>> catalogs) {
    this.catalogs = List.copyOf(catalogs);
  }

  /// The settings of a record type, in the order of its components. Throws [IllegalStateException]
  /// for a component that no recipe can express.
  List<Setting> settings(Class<? extends Record> type) {
    List<Setting> settings = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      Shape shape =
          shape(component.getGenericType())
              .orElseThrow(() ->
                  new IllegalStateException(
                      "%s.%s: no recipe can hold a %s; use a supported type, give it a public"
                              .formatted(
                                  type.getSimpleName(),
                                  component.getName(),
                                  component.getGenericType().getTypeName())
                          + " static parse(String), or register a catalog of it"));
      settings.add(Setting.of(component, shape));
    }
    return settings;
  }

  /// Whether a record is a type of a catalog with settings beside it, such as an objective with its
  /// weight; then a name alone can stand for it.
  boolean isChoiceWithExtras(Class<? extends Record> type) {
    return settings(type).stream()
        .anyMatch(setting -> setting.inline() && setting.shape() instanceof Shape.Choice);
  }

  private Optional<Shape> shape(Type type) {
    return switch (type) {
      case Class<?> plain -> shapeOfClass(plain);
      case ParameterizedType generic -> shapeOfGeneric(generic);
      default -> Optional.empty();
    };
  }

  private Optional<Shape> shapeOfGeneric(ParameterizedType generic) {
    Type[] arguments = generic.getActualTypeArguments();
    Optional<Shape> last = shape(arguments[arguments.length - 1]);
    Type raw = generic.getRawType();
    if (raw == Optional.class) {
      return last.map(Shape.Maybe::new);
    }
    if (raw == List.class) {
      return last.map(Shape.Many::new);
    }
    if ((raw == Map.class || raw == SequencedMap.class) && arguments[0] == String.class) {
      return last.map(Shape.Keyed::new);
    }
    return Optional.empty();
  }

  private Optional<Shape> shapeOfClass(Class<?> type) {
    Optional<Shape> single = ScalarKind.of(type).map(Shape.Single::new);
    if (single.isPresent()) {
      return single;
    }
    if (type.isEnum()) {
      return Optional.of(new Shape.Constant(asEnum(type)));
    }
    Optional<Shape> choice = catalogOf(type).map(Shape.Choice::new);
    if (choice.isPresent()) {
      return choice;
    }
    return type.isRecord()
        ? Optional.of(new Shape.Section(type.asSubclass(Record.class)))
        : ParseFactory.of(type).map(Shape.Parsed::new);
  }

  private Optional<? extends Catalog<?>> catalogOf(Class<?> type) {
    Optional<Catalog<?>> registered =
        catalogs.stream().filter(catalog -> catalog.base() == type).findFirst();
    return registered.isPresent()
        ? registered
        : Catalog.ofSealed(words(type.getSimpleName()), type);
  }

  @SuppressWarnings("unchecked") // isEnum() is what the cast says
  private static Class<? extends Enum<?>> asEnum(Class<?> type) {
    return (Class<? extends Enum<?>>) type;
  }

  /// The constant's name in a recipe: `IMAGE_TEXT` is `image-text`.
  static String constantName(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// All names of an enum's constants, in their order.
  static List<String> constantNames(Class<? extends Enum<?>> type) {
    return Arrays.stream(type.getEnumConstants()).map(Shapes::constantName).toList();
  }

  /// A type's name in words: `ImageText` is "image text".
  static String words(String typeName) {
    return typeName.replaceAll("(?<=[a-z0-9])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
  }
}
