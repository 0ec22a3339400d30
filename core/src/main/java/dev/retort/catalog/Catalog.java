package dev.retort.catalog;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/// The named record types that a recipe may use in one kind of place, such as all objectives.
///
/// A record is its own configuration: its components are the settings, its compact constructor is
/// the validation. In a recipe it is written `{use: name, …settings}`, or `name` alone.
public final class Catalog<T> {

  private final String kind;
  private final Class<T> base;
  private final SequencedMap<String, Class<? extends T>> types;

  private Catalog(String kind, Class<T> base, List<Class<? extends T>> types) {
    this.kind = kind;
    this.base = base;
    this.types = new TreeMap<>();
    for (Class<? extends T> type : types) {
      Class<? extends T> twin = this.types.put(nameOf(type), type);
      if (twin != null) {
        throw new IllegalArgumentException(
            "%s and %s are both named '%s'".formatted(twin, type, nameOf(type)));
      }
    }
  }

  /// A catalog of records that implement `base`; `kind` is what messages and documentation call one
  /// of them, such as "objective". Throws [IllegalArgumentException] for a type that is no record,
  /// has no [Named] or shares its name with another.
  @SafeVarargs
  public static <T> Catalog<T> of(String kind, Class<T> base, Class<? extends T>... types) {
    List<Class<? extends T>> list = new ArrayList<>();
    for (Class<? extends T> type : types) {
      list.add(type);
    }
    return new Catalog<>(kind, base, list);
  }

  /// The catalog of a sealed interface whose permitted types all are named records, else empty.
  static <T> Optional<Catalog<T>> ofSealed(String kind, Class<T> base) {
    if (!base.isSealed()
        || !Arrays.stream(base.getPermittedSubclasses())
            .allMatch(type -> type.isRecord() && type.isAnnotationPresent(Named.class))) {
      return Optional.empty();
    }
    List<Class<? extends T>> types =
        Arrays.stream(base.getPermittedSubclasses())
            .<Class<? extends T>>map(type -> type.asSubclass(base))
            .toList();
    return Optional.of(new Catalog<>(kind, base, types));
  }

  /// What one of the types is called, such as "objective".
  public String kind() {
    return kind;
  }

  /// The type that all of them share.
  public Class<T> base() {
    return base;
  }

  /// All names, sorted.
  public List<String> names() {
    return List.copyOf(types.keySet());
  }

  /// The type of this name.
  public Optional<Class<? extends T>> type(String name) {
    return Optional.ofNullable(types.get(name));
  }

  /// The types by their names, sorted.
  public SequencedMap<String, Class<? extends T>> types() {
    return Collections.unmodifiableSequencedMap(types);
  }

  /// [#type] as what it is: a record.
  Optional<Class<? extends Record>> recordType(String name) {
    return type(name).map(type -> type.asSubclass(Record.class));
  }

  /// [#types] as what they are: records.
  SequencedMap<String, Class<? extends Record>> recordTypes() {
    SequencedMap<String, Class<? extends Record>> records = new LinkedHashMap<>();
    types.forEach((name, type) -> records.put(name, type.asSubclass(Record.class)));
    return records;
  }

  /// The [Doc] of every type by its name, sorted.
  public SequencedMap<String, String> describe() {
    SequencedMap<String, String> docs = new LinkedHashMap<>();
    types.forEach((name, type) -> docs.put(name, Setting.doc(type)));
    return docs;
  }

  /// The name of a type; throws [IllegalArgumentException] if no recipe can name it.
  static String nameOf(Class<?> type) {
    Named named = type.getAnnotation(Named.class);
    if (named == null || !type.isRecord()) {
      throw new IllegalArgumentException(type + " must be a record with @Named");
    }
    for (RecordComponent component : type.getRecordComponents()) {
      if (component.getName().equals(Shapes.USE)) {
        throw new IllegalArgumentException(
            type + " has a component 'use', but that key of a recipe holds the type's name");
      }
    }
    return named.value();
  }
}
