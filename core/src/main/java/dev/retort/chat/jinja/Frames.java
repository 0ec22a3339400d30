package dev.retort.chat.jinja;

import dev.retort.chat.jinja.Statement.Branch;
import dev.retort.chat.jinja.Statement.Macro;
import dev.retort.chat.jinja.Statement.Target;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// What jinja2 works out about variables before it renders: a variable that a part of a template
/// sets, and does not read before, has no value until then, neither in that part nor in those
/// inside of it, even if the template was given one of the same name.
final class Frames {
  private final IdentityHashMap<List<Statement>, Set<String>> unset = new IdentityHashMap<>();

  private Frames() {}

  static Frames of(List<Statement> template) {
    Frames frames = new Frames();
    frames.analyze(template, Set.of(), _ -> {});
    return frames;
  }

  /// A scope for a body inside of another scope.
  Scope enter(Scope around, List<Statement> body) {
    Scope inner = around.inner();
    unset.getOrDefault(body, Set.of()).forEach(name -> inner.set(name, Undefined.variable(name)));
    return inner;
  }

  private void analyze(List<Statement> body, Set<String> around, Consumer<Symbols> parameters) {
    Symbols symbols = new Symbols(around);
    parameters.accept(symbols);
    visit(body, symbols);
    if (!symbols.unset().isEmpty()) {
      unset.put(body, symbols.unset());
    }
    body.forEach(statement -> descend(statement, symbols.visible()));
  }

  private static void visit(List<Statement> body, Symbols symbols) {
    body.forEach(statement -> visit(statement, symbols));
  }

  private static void visit(Statement statement, Symbols symbols) {
    Names names = new Names(symbols::load);
    switch (statement) {
      case Statement.Print(Expression value) -> names.in(value);
      case Statement.If(var branches, var otherwise) -> {
        Branch first = branches.getFirst();
        condition(first, branches.subList(1, branches.size()), otherwise, symbols);
      }
      case Statement.For loop -> names.in(loop.values());
      case Statement.Set(Target target, Expression value) -> {
        names.in(value);
        store(target, symbols);
      }
      case Statement.SetBlock block -> store(block.target(), symbols);
      case Statement.With(var bindings, _) ->
          bindings.forEach(binding -> names.in(binding.value()));
      case Statement.MacroDefinition(String name, _) -> symbols.store(name);
      case Statement.CallBlock(_, Expression.Call call) -> names.in(call);
      case Statement.FilterBlock block -> names.inFilters(block.filters());
      case Statement.Data _, Statement.Break _, Statement.Continue _, Statement.Generation _ -> {}
    }
  }

  /// A condition has three branches for jinja2: what is done first, all that `elif` does, and
  /// `else`.
  private static void condition(
      Branch first, List<Branch> others, List<Statement> otherwise, Symbols symbols) {
    new Names(symbols::load).in(first.test());
    Symbols then = symbols.copy();
    visit(first.body(), then);
    Symbols elseIf = symbols.copy();
    others.forEach(other -> condition(other, List.of(), List.of(), elseIf));
    Symbols last = symbols.copy();
    visit(otherwise, last);
    symbols.merge(List.of(then, elseIf, last));
  }

  private static void store(Target target, Symbols symbols) {
    switch (target) {
      case Statement.NameTarget(String name, _) -> symbols.store(name);
      case Statement.AttributeTarget(String namespace, _, _) -> symbols.load(namespace);
      case Statement.TupleTarget(var targets, _) -> targets.forEach(inner -> store(inner, symbols));
    }
  }

  private static void declare(Target target, Symbols symbols) {
    switch (target) {
      case Statement.NameTarget(String name, _) -> symbols.declare(name);
      case Statement.AttributeTarget _ -> {}
      case Statement.TupleTarget(var targets, _) ->
          targets.forEach(inner -> declare(inner, symbols));
    }
  }

  private void descend(Statement statement, Set<String> around) {
    switch (statement) {
      case Statement.If(var branches, var otherwise) -> {
        branches.forEach(branch -> branch.body().forEach(inner -> descend(inner, around)));
        otherwise.forEach(inner -> descend(inner, around));
      }
      case Statement.For loop -> {
        analyze(
            loop.body(),
            around,
            symbols -> {
              symbols.declare("loop");
              declare(loop.target(), symbols);
            });
        analyze(loop.otherwise(), around, _ -> {});
      }
      case Statement.SetBlock block -> analyze(block.body(), around, _ -> {});
      case Statement.With(var bindings, var body) ->
          analyze(
              body,
              around,
              symbols -> bindings.forEach(binding -> declare(binding.target(), symbols)));
      case Statement.MacroDefinition(_, Macro macro) -> macro(macro, around);
      case Statement.CallBlock(Macro caller, _) -> macro(caller, around);
      case Statement.FilterBlock block -> analyze(block.body(), around, _ -> {});
      case Statement.Generation(var body, _) -> analyze(body, around, _ -> {});
      case Statement.Data _,
          Statement.Print _,
          Statement.Set _,
          Statement.Break _,
          Statement.Continue _ -> {}
    }
  }

  private void macro(Macro macro, Set<String> around) {
    analyze(
        macro.body(),
        around,
        symbols -> {
          macro.parameters().forEach(parameter -> symbols.declare(parameter.name()));
          for (String special : List.of("caller", "kwargs", "varargs")) {
            if (macro.wants(special)) {
              symbols.declare(special);
            }
          }
          macro
              .parameters()
              .forEach(parameter -> new Names(symbols::load).in(parameter.fallback()));
        });
  }
}
