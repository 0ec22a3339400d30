package dev.retort.chat.jinja;

import dev.retort.chat.jinja.Library.Filter;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// The filters that apply filters and tests to each value of a sequence, when it is asked for.
final class SelectionFilters {
  private final Library library;

  private SelectionFilters(Library library) {
    this.library = library;
  }

  static Map<String, Filter> all(Library library) {
    SelectionFilters filters = new SelectionFilters(library);
    return Map.of(
        "map", filters::map,
        "select", (value, arguments) -> filters.select(value, arguments, true),
        "reject", (value, arguments) -> filters.select(value, arguments, false),
        "selectattr", (value, arguments) -> filters.selectAttribute(value, arguments, true),
        "rejectattr", (value, arguments) -> filters.selectAttribute(value, arguments, false));
  }

  private Value map(Value value, Arguments arguments) {
    return lazily(value, values -> values.map(change(arguments)));
  }

  private UnaryOperator<Value> change(Arguments arguments) {
    if (arguments.positional().isEmpty() && arguments.keywords().containsKey("attribute")) {
      Arguments.Bound bound = arguments.bind("map", "", "attribute", "default");
      Value path = bound.get("attribute");
      Optional<Value> fallback = bound.some("default");
      return item -> Attributes.path(item, path, fallback);
    }
    if (arguments.positional().isEmpty()) {
      throw Failure.evaluation("map requires a filter argument");
    }
    Filter filter = library.filter(Repr.text(arguments.positional().getFirst()), ".");
    Arguments rest = arguments.after(1);
    return item -> filter.apply(item, rest);
  }

  private Value select(Value value, Arguments arguments, boolean wanted) {
    return lazily(
        value,
        values -> {
          Predicate<Value> test = test(arguments);
          return values.filter(item -> test.test(item) == wanted);
        });
  }

  private Value selectAttribute(Value value, Arguments arguments, boolean wanted) {
    return lazily(
        value,
        values -> {
          if (arguments.positional().isEmpty()) {
            throw Failure.evaluation("Missing parameter for attribute name");
          }
          Value path = arguments.positional().getFirst();
          Predicate<Value> test = test(arguments.after(1));
          return values.filter(
              item -> test.test(Attributes.path(item, path, Optional.empty())) == wanted);
        });
  }

  private Predicate<Value> test(Arguments arguments) {
    List<Value> positional = arguments.positional();
    if (positional.isEmpty()) {
      return Types::truth;
    }
    Library.Test test = library.test(Repr.text(positional.getFirst()), ".");
    Arguments rest = arguments.after(1);
    return item -> test.holds(item, rest);
  }

  /// A change of values that begins when the first of them is asked for, as Python's generators do.
  private static Value lazily(Value value, Change change) {
    return Generator.of(
        new Deferred(() -> {
          if (!Types.truth(value)) {
            return Collections.emptyIterator();
          }
          Iterable<Value> values = () -> Types.iterator(value);
          return change.apply(StreamSupport.stream(values.spliterator(), false)).iterator();
        }));
  }

  /// What is done to a stream of values.
  @FunctionalInterface
  private interface Change {
    Stream<Value> apply(Stream<Value> values);
  }

  /// An iterator that is made when it is first used.
  private static final class Deferred implements Iterator<Value> {
    private final Supplier<Iterator<Value>> source;
    private Optional<Iterator<Value>> made = Optional.empty();

    Deferred(Supplier<Iterator<Value>> source) {
      this.source = source;
    }

    @Override
    public boolean hasNext() {
      return values().hasNext();
    }

    @Override
    public Value next() {
      return values().next();
    }

    private Iterator<Value> values() {
      Iterator<Value> values = made.orElseGet(source);
      made = Optional.of(values);
      return values;
    }
  }
}
