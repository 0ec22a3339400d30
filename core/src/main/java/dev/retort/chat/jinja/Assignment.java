package dev.retort.chat.jinja;

import dev.retort.chat.jinja.Statement.AttributeTarget;
import dev.retort.chat.jinja.Statement.NameTarget;
import dev.retort.chat.jinja.Statement.Target;
import dev.retort.chat.jinja.Statement.TupleTarget;
import java.util.List;

/// Gives names and attributes of namespaces their values.
final class Assignment {

  private Assignment() {}

  /// Fails if the target names attributes of something that is no namespace; jinja2 looks before it
  /// computes the value.
  static void requireNamespaces(Target target, Scope scope) {
    switch (target) {
      case NameTarget _ -> {}
      case AttributeTarget(String name, _, Position at) -> {
        if (!(scope.get(name) instanceof Namespace)) {
          throw Failure.evaluation("cannot assign attribute on non-namespace object").at(at);
        }
      }
      case TupleTarget(List<Target> targets, _) ->
          targets.forEach(inner -> requireNamespaces(inner, scope));
    }
  }

  static void assign(Target target, Value value, Scope scope) {
    switch (target) {
      case NameTarget(String name, _) -> scope.set(name, value);
      case AttributeTarget(String name, String attribute, Position at) -> {
        if (scope.get(name) instanceof Namespace namespace) {
          Evaluator.guarded(
              at,
              () -> {
                namespace.set(attribute, value);
                return namespace;
              });
        }
      }
      case TupleTarget(List<Target> targets, Position at) -> {
        List<Value> values = Evaluator.guarded(at, () -> unpack(value, targets.size()));
        for (int i = 0; i < targets.size(); i++) {
          assign(targets.get(i), values.get(i), scope);
        }
      }
    }
  }

  private static List<Value> unpack(Value value, int wanted) {
    if (Types.iteratorOf(value).isEmpty()) {
      throw Failure.evaluation("cannot unpack non-iterable %s object", Types.name(value));
    }
    List<Value> values = Types.items(value);
    if (values.size() > wanted) {
      throw Failure.evaluation("too many values to unpack (expected %d)", wanted);
    }
    if (values.size() < wanted) {
      throw Failure.evaluation(
          "not enough values to unpack (expected %d, got %d)", wanted, values.size());
    }
    return values;
  }
}
