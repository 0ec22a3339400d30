package dev.retort.data;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// The classes of a task in the order of a student's outputs.
public final class Labels {
  private static final Pattern NUMBER = Pattern.compile("[-+]?\\d+(\\.\\d+)?");

  private final List<String> names;
  private final Map<String, Integer> indices;

  private Labels(List<String> names) {
    this.names = List.copyOf(names);
    Map<String, Integer> byName = HashMap.newHashMap(names.size());
    for (String name : names) {
      if (byName.put(name, byName.size()) != null) {
        throw new IllegalArgumentException("label '" + name + "' is given twice; names are unique");
      }
    }
    indices = Map.copyOf(byName);
  }

  /// Classes in a given order, such as that of a teacher's outputs.
  ///
  /// @throws IllegalArgumentException if a name occurs twice
  public static Labels of(List<String> names) {
    return new Labels(names);
  }

  /// The distinct names found in data: by value if all of them are numbers, otherwise in
  /// lexicographic order. `01` and `1` are two labels.
  public static Labels found(Collection<String> names) {
    Comparator<String> order = Comparator.naturalOrder();
    if (names.stream().allMatch(name -> NUMBER.matcher(name).matches())) {
      order = Comparator.comparing((String name) -> new BigDecimal(name)).thenComparing(order);
    }
    TreeSet<String> sorted = new TreeSet<>(order);
    sorted.addAll(names);
    return new Labels(List.copyOf(sorted));
  }

  /// The number of classes.
  public int size() {
    return names.size();
  }

  /// The names; a name's position is its index.
  public List<String> names() {
    return names;
  }

  /// The name of the class with this index.
  public String name(int index) {
    return names.get(index);
  }

  /// The index of a name, if it is one of these classes.
  public OptionalInt index(String name) {
    Integer index = indices.get(name);
    return index == null ? OptionalInt.empty() : OptionalInt.of(index);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Labels that && names.equals(that.names);
  }

  @Override
  public int hashCode() {
    return names.hashCode();
  }

  @Override
  public String toString() {
    return names.toString();
  }
}
