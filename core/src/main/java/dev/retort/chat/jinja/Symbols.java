package dev.retort.chat.jinja;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The variables of one part of a template, in the order in which they are read and set. jinja2
/// decides from it where a variable is looked for.
final class Symbols {
  private final Set<String> around;
  private final Set<String> known = new HashSet<>();
  private final Set<String> stored = new HashSet<>();
  private final Set<String> unset = new HashSet<>();

  /// @param around the variables that the parts around this one read or set
  Symbols(Set<String> around) {
    this.around = around;
  }

  void declare(String name) {
    known.add(name);
    stored.add(name);
    unset.remove(name);
  }

  void load(String name) {
    if (!around.contains(name)) {
      known.add(name);
    }
  }

  void store(String name) {
    stored.add(name);
    if (known.add(name) && !around.contains(name)) {
      unset.add(name);
    }
  }

  /// The same symbols, for a branch of a condition.
  Symbols copy() {
    Symbols copy = new Symbols(around);
    copy.known.addAll(known);
    copy.stored.addAll(stored);
    copy.unset.addAll(unset);
    return copy;
  }

  /// Takes over what the branches of a condition read and set. What they set may come from outside,
  /// even if all of them set it.
  void merge(List<Symbols> branches) {
    Set<String> before = Set.copyOf(stored);
    for (Symbols branch : branches) {
      known.addAll(branch.known);
      stored.addAll(branch.stored);
    }
    unset.retainAll(before);
  }

  /// The variables that have no value until this part sets them, even if one of their name was
  /// given to the template.
  Set<String> unset() {
    return Set.copyOf(unset);
  }

  /// The variables that a part inside of this one finds here or further around.
  Set<String> visible() {
    Set<String> visible = new HashSet<>(around);
    visible.addAll(known);
    return visible;
  }
}
