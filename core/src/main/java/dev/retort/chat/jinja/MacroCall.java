package dev.retort.chat.jinja;

import dev.retort.chat.jinja.Statement.Macro;
import dev.retort.chat.jinja.Statement.Parameter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Gives the parameters of a macro their values.
final class MacroCall {

  private MacroCall() {}

  static void bind(
      String name, Macro macro, Arguments arguments, Scope scope, Evaluator evaluator) {
    List<Parameter> parameters = macro.parameters();
    List<Value> positional = arguments.positional();
    SequencedMap<String, Value> keywords = new LinkedHashMap<>(arguments.keywords());
    for (int i = 0; i < parameters.size(); i++) {
      Parameter parameter = parameters.get(i);
      Value given = i < positional.size() ? positional.get(i) : keywords.remove(parameter.name());
      scope.set(parameter.name(), given == null ? fallback(parameter, scope, evaluator) : given);
    }
    if (macro.wants("caller")) {
      Value caller = keywords.remove("caller");
      scope.set("caller", caller == null ? Undefined.because("No caller defined") : caller);
    }
    if (macro.wants("kwargs")) {
      scope.set("kwargs", Value.Dict.of(keywords));
    } else if (!keywords.isEmpty()) {
      throw unexpected(name, keywords);
    }
    List<Value> more =
        positional.subList(Math.min(parameters.size(), positional.size()), positional.size());
    if (macro.wants("varargs")) {
      scope.set("varargs", new Value.Tuple(more));
    } else if (!more.isEmpty()) {
      throw Failure.evaluation(
          "macro %s takes not more than %d argument(s)", Repr.of(name), parameters.size());
    }
  }

  private static Value fallback(Parameter parameter, Scope scope, Evaluator evaluator) {
    return parameter
        .fallback()
        .map(expression -> evaluator.evaluate(expression, scope))
        .orElseGet(() ->
            Undefined.because("parameter " + Repr.of(parameter.name()) + " was not provided"));
  }

  private static Failure unexpected(String name, SequencedMap<String, Value> keywords) {
    return keywords.containsKey("caller")
        ? Failure.evaluation(
            "macro %s was invoked with two values for the special caller argument. This is most"
                + " likely a bug.",
            Repr.of(name))
        : Failure.evaluation(
            "macro %s takes no keyword argument %s",
            Repr.of(name), Repr.of(keywords.firstEntry().getKey()));
  }
}
