package dev.retort.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Which keys a recipe may use in one place.
///
/// @param names sorted
/// @param certain false if they depend on a name that the recipe lacks or misspells; then `names`
///   has the keys of all types that could be meant
record Keys(Set<String> names, boolean certain) {

  /// The keys that fit to what is already said: if there is a name under `use`, those of its type.
  static Keys of(List<Variant> variants, Node.Mapping given) {
    Optional<String> use =
        given.entries().get(Shapes.USE) instanceof Node.Scalar(String name, boolean _, Location _)
            ? Optional.of(name)
            : Optional.empty();
    List<Variant> named =
        variants.stream()
            .filter(variant -> variant.use().isEmpty() || variant.use().equals(use))
            .toList();
    return named.isEmpty() ? new Keys(keys(variants), false) : new Keys(keys(named), true);
  }

  private static Set<String> keys(List<Variant> variants) {
    return variants.stream().flatMap(Variant::keys).collect(Collectors.toCollection(TreeSet::new));
  }

  /// A problem for every key of `given` that is not allowed.
  List<Problem> unknown(String path, Node.Mapping given) {
    List<Problem> problems = new ArrayList<>();
    given
        .entries()
        .forEach((key, node) -> {
          if (!names.contains(key)) {
            problems.add(new Problem(SettingPath.join(path, key), node.at(), message(key)));
          }
        });
    return problems;
  }

  private String message(String key) {
    String help = certain ? "\nallowed here: " + String.join(", ", names) : "";
    return "unknown setting" + Suggestion.suffix(key, names) + help;
  }
}
