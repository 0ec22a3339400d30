package dev.retort.chat.jinja;

import dev.retort.chat.jinja.Expression.FilterCall;
import dev.retort.chat.jinja.Statement.Branch;
import dev.retort.chat.jinja.Statement.Macro;
import dev.retort.chat.jinja.Statement.Target;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.StreamSupport;

/// Does what a template's statements say.
final class Renderer {

  /// How a statement ends.
  private enum Flow {
    NEXT,
    BREAK,
    CONTINUE
  }

  private final Frames frames;
  private final Evaluator evaluator;
  private final Output output;

  Renderer(Frames frames, Evaluator evaluator, Output output) {
    this.frames = frames;
    this.evaluator = evaluator;
    this.output = output;
  }

  void render(List<Statement> statements, Scope scope) {
    run(statements, frames.enter(scope, statements));
  }

  private Flow run(List<Statement> statements, Scope scope) {
    for (Statement statement : statements) {
      Flow flow = run(statement, scope);
      if (flow != Flow.NEXT) {
        return flow;
      }
    }
    return Flow.NEXT;
  }

  private Flow run(Statement statement, Scope scope) {
    switch (statement) {
      case Statement.Data(String text) -> output.write(text);
      case Statement.Print(Expression value) -> print(evaluator.evaluate(value, scope), value);
      case Statement.If condition -> {
        return choose(condition, scope);
      }
      case Statement.For loop -> loop(loop, scope);
      case Statement.Break() -> {
        return Flow.BREAK;
      }
      case Statement.Continue() -> {
        return Flow.CONTINUE;
      }
      case Statement.Set(Target target, Expression value) -> set(target, value, scope);
      case Statement.SetBlock block -> {
        return setBlock(block, scope);
      }
      case Statement.With(var bindings, var body) -> {
        Scope inner = frames.enter(scope, body);
        bindings.forEach(binding ->
            Assignment.assign(binding.target(), evaluator.evaluate(binding.value(), scope), inner));
        return run(body, inner);
      }
      case Statement.MacroDefinition(String name, Macro macro) ->
          scope.set(name, function(name, macro, scope));
      case Statement.CallBlock(Macro caller, Expression.Call call) -> {
        Optional<Value> body = Optional.of(function("caller", caller, scope));
        print(Evaluator.guarded(call.at(), () -> evaluator.call(call, scope, body)), call);
      }
      case Statement.FilterBlock block -> {
        return filterBlock(block, scope);
      }
      case Statement.Generation(var body, Position at) -> generation(body, at, scope);
    }
    return Flow.NEXT;
  }

  private void print(Value value, Expression from) {
    output.write(Evaluator.guarded(from.at(), () -> Repr.text(value)));
  }

  private Flow choose(Statement.If condition, Scope scope) {
    for (Branch branch : condition.branches()) {
      if (evaluator.isTrue(branch.test(), scope)) {
        return run(branch.body(), scope);
      }
    }
    return run(condition.otherwise(), scope);
  }

  private void set(Target target, Expression value, Scope scope) {
    Assignment.requireNamespaces(target, scope);
    Assignment.assign(target, evaluator.evaluate(value, scope), scope);
  }

  private void loop(Statement.For loop, Scope scope) {
    Value values = evaluator.evaluate(loop.values(), scope);
    Position at = loop.values().at();
    Iterator<Value> items = Evaluator.guarded(at, () -> Types.iterator(values));
    Loop state =
        new Loop(loop.test().map(test -> filtered(items, loop, test, scope)).orElse(items));
    boolean completed = false;
    while (Evaluator.guarded(at, state::hasNext)) {
      Scope inner = frames.enter(scope, loop.body());
      Assignment.assign(loop.target(), Evaluator.guarded(at, state::next), inner);
      inner.set("loop", state);
      Flow flow = run(loop.body(), inner);
      if (flow == Flow.BREAK) {
        break;
      }
      completed |= flow == Flow.NEXT;
    }
    if (!completed) {
      run(loop.otherwise(), frames.enter(scope, loop.otherwise()));
    }
  }

  private Iterator<Value> filtered(
      Iterator<Value> items, Statement.For loop, Expression test, Scope scope) {
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(items, Spliterator.ORDERED), false)
        .filter(item -> {
          Scope inner = scope.inner();
          Assignment.assign(loop.target(), item, inner);
          return evaluator.isTrue(test, inner);
        })
        .iterator();
  }

  private Flow setBlock(Statement.SetBlock block, Scope scope) {
    Scope inner = frames.enter(scope, block.body());
    Output captured = new Output(true);
    Flow flow = new Renderer(frames, evaluator, captured).run(block.body(), inner);
    if (flow == Flow.NEXT) {
      Assignment.requireNamespaces(block.target(), scope);
      Value value = filtered(captured, block.filters(), inner);
      Assignment.assign(block.target(), value, scope);
    }
    return flow;
  }

  private Flow filterBlock(Statement.FilterBlock block, Scope scope) {
    Scope inner = frames.enter(scope, block.body());
    Output captured = new Output(true);
    Flow flow = new Renderer(frames, evaluator, captured).run(block.body(), inner);
    if (flow == Flow.NEXT) {
      Value value = filtered(captured, block.filters(), inner);
      output.write(Evaluator.guarded(block.at(), () -> Repr.text(value)));
    }
    return flow;
  }

  private Value filtered(Output captured, List<FilterCall> filters, Scope scope) {
    Value value = Value.of(captured.text());
    for (FilterCall filter : filters) {
      value = evaluator.filter(value, filter, scope);
    }
    return value;
  }

  private void generation(List<Statement> body, Position at, Scope scope) {
    if (output.captured()) {
      throw Failure.unsupported(
              "a generation block inside of a macro or a captured text, whose place in the"
                  + " result is unknown")
          .at(at);
    }
    int start = output.length();
    run(body, frames.enter(scope, body));
    output.markGenerated(start);
  }

  private Function function(String name, Macro macro, Scope scope) {
    return new Function(
        name,
        true,
        arguments -> {
          Scope inner = frames.enter(scope, macro.body());
          MacroCall.bind(name, macro, arguments, inner, evaluator);
          Output captured = new Output(true);
          new Renderer(frames, evaluator, captured).run(macro.body(), inner);
          return Value.of(captured.text());
        });
  }
}
