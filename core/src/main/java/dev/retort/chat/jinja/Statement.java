package dev.retort.chat.jinja;

import dev.retort.chat.jinja.Expression.Call;
import dev.retort.chat.jinja.Expression.FilterCall;
import java.util.List;
import java.util.Optional;

/// What a template does.
sealed interface Statement {

  /// Text outside of tags.
  record Data(String text) implements Statement {}

  /// `{{ value }}`
  record Print(Expression value) implements Statement {}

  /// `{% if %} … {% elif %} … {% else %} … {% endif %}`
  record If(List<Branch> branches, List<Statement> otherwise) implements Statement {}

  /// A test, and what is done if it holds.
  record Branch(Expression test, List<Statement> body) {}

  /// `{% for target in values if test %} … {% else %} … {% endfor %}`
  record For(
      Target target,
      Expression values,
      Optional<Expression> test,
      List<Statement> body,
      List<Statement> otherwise)
      implements Statement {}

  /// `{% break %}`
  record Break() implements Statement {}

  /// `{% continue %}`
  record Continue() implements Statement {}

  /// `{% set target = value %}`
  record Set(Target target, Expression value) implements Statement {}

  /// `{% set target | filter %} … {% endset %}`
  record SetBlock(Target target, List<FilterCall> filters, List<Statement> body)
      implements Statement {}

  /// `{% with name = value %} … {% endwith %}`
  record With(List<Binding> bindings, List<Statement> body) implements Statement {}

  /// A target and its value.
  record Binding(Target target, Expression value) {}

  /// `{% macro name(parameters) %} … {% endmacro %}`
  record MacroDefinition(String name, Macro macro) implements Statement {}

  /// `{% call(parameters) name(…) %} … {% endcall %}`
  record CallBlock(Macro caller, Call call) implements Statement {}

  /// `{% filter name %} … {% endfilter %}`
  record FilterBlock(List<FilterCall> filters, List<Statement> body, Position at)
      implements Statement {}

  /// `{% generation %} … {% endgeneration %}`: what the assistant said.
  record Generation(List<Statement> body, Position at) implements Statement {}

  /// What a macro or call block takes and does.
  ///
  /// @param names the names in its body: `caller`, `varargs` and `kwargs` are given to those macros
  ///   that mention them
  record Macro(
      List<Parameter> parameters, List<Statement> body, java.util.Set<String> names, Position at) {
    /// Whether it is to be given a special value: it mentions it, and has no parameter of its name.
    boolean wants(String special) {
      return names.contains(special) && !takes(special);
    }

    /// Whether a parameter has this name.
    boolean takes(String name) {
      return parameters.stream().anyMatch(parameter -> parameter.name().equals(name));
    }
  }

  /// A parameter of a macro.
  record Parameter(String name, Optional<Expression> fallback) {}

  /// What is assigned to.
  sealed interface Target {
    Position at();
  }

  /// `name`
  record NameTarget(String name, Position at) implements Target {}

  /// `namespace.attribute`
  record AttributeTarget(String namespace, String attribute, Position at) implements Target {}

  /// `a, b`
  record TupleTarget(List<Target> targets, Position at) implements Target {}
}
