package dev.retort.chat.jinja;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The variables that a part of a template sees: its own, and those of what is around it. What is
/// set in a part is gone after it.
final class Scope {
  private final Optional<Scope> around;
  private final Map<String, Value> variables;

  private Scope(Optional<Scope> around, Map<String, Value> variables) {
    this.around = around;
    this.variables = variables;
  }

  /// The outermost scope.
  static Scope of(Map<String, Value> variables) {
    return new Scope(Optional.empty(), new HashMap<>(variables));
  }

  /// A new scope inside of this one.
  Scope inner() {
    return new Scope(Optional.of(this), new HashMap<>());
  }

  void set(String name, Value value) {
    variables.put(name, value);
  }

  /// The variable's value; undefined if there is none.
  Value get(String name) {
    Value value = variables.get(name);
    if (value != null) {
      return value;
    }
    return around.map(scope -> scope.get(name)).orElseGet(() -> Undefined.variable(name));
  }
}
