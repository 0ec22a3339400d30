package dev.retort.chat.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// The variable `loop` of a running loop. It looks ahead only when it is asked what comes next.
final class Loop implements Value {
  private Iterator<Value> rest;
  private Optional<Value> ahead = Optional.empty();
  private Optional<Value> current = Optional.empty();
  private Optional<Value> before = Optional.empty();
  private List<Value> lastChanged = List.of();
  private boolean asked;
  private int index;

  /// @param values what is looped over, without what a test leaves out
  Loop(Iterator<Value> values) {
    this.rest = values;
  }

  boolean hasNext() {
    return ahead.isPresent() || rest.hasNext();
  }

  Value next() {
    Value next = ahead.isPresent() ? ahead.get() : rest.next();
    ahead = Optional.empty();
    before = current;
    current = Optional.of(next);
    index++;
    return next;
  }

  /// How many values were taken.
  int index() {
    return index;
  }

  /// How many values there are.
  int length() {
    List<Value> left = new ArrayList<>();
    ahead.ifPresent(left::add);
    rest.forEachRemaining(left::add);
    ahead = Optional.empty();
    rest = left.iterator();
    return index + left.size();
  }

  Optional<Value> attribute(String name) {
    return switch (name) {
      case "index" -> Optional.of(Value.of(index));
      case "index0" -> Optional.of(Value.of(index - 1));
      case "revindex" -> Optional.of(Value.of(length() - index + 1));
      case "revindex0" -> Optional.of(Value.of(length() - index));
      case "depth" -> Optional.of(Value.of(1));
      case "depth0" -> Optional.of(Value.of(0));
      case "first" -> Optional.of(Value.of(index == 1));
      case "last" -> Optional.of(Value.of(peek().isEmpty()));
      case "length" -> Optional.of(Value.of(length()));
      case "previtem" ->
          before.or(() -> Optional.of(Undefined.because("there is no previous item")));
      case "nextitem" -> peek().or(() -> Optional.of(Undefined.because("there is no next item")));
      case "cycle" -> Optional.of(Function.of(name, this::cycle));
      case "changed" -> Optional.of(Function.of(name, this::changed));
      default -> Optional.empty();
    };
  }

  private Optional<Value> peek() {
    if (ahead.isEmpty() && rest.hasNext()) {
      ahead = Optional.of(rest.next());
    }
    return ahead;
  }

  private Value cycle(Arguments arguments) {
    List<Value> choices = arguments.positionalOnly("cycle");
    if (choices.isEmpty()) {
      throw Failure.evaluation("no items for cycling given");
    }
    return choices.get((index - 1) % choices.size());
  }

  private Value changed(Arguments arguments) {
    List<Value> now = arguments.positionalOnly("changed");
    boolean changed = !asked || !now.equals(lastChanged);
    asked = true;
    lastChanged = now;
    return Value.of(changed);
  }
}
