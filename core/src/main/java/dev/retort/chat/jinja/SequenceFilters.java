package dev.retort.chat.jinja;

import static java.util.Map.entry;

import dev.retort.chat.jinja.Library.Filter;
import dev.retort.chat.jinja.Value.Dict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// The filters that look at lists, dictionaries and what else holds values.
final class SequenceFilters {

  private SequenceFilters() {}

  static Map<String, Filter> all() {
    return Map.ofEntries(
        entry("attr", SequenceFilters::attribute),
        entry("batch", SequenceFilters::batch),
        entry("count", (value, _) -> Value.of(Types.length(value))),
        entry("d", SequenceFilters::fallback),
        entry("default", SequenceFilters::fallback),
        entry("dictsort", SequenceFilters::sortedPairs),
        entry("first", (value, _) -> first(value)),
        entry("items", (value, _) -> pairs(value)),
        entry("join", SequenceFilters::join),
        entry("last", (value, _) -> last(value)),
        entry("length", (value, _) -> Value.of(Types.length(value))),
        entry("list", (value, _) -> Value.of(Types.items(value))),
        entry("max", (value, arguments) -> extreme("max", value, arguments)),
        entry("min", (value, arguments) -> extreme("min", value, arguments)),
        entry("reverse", (value, _) -> reverse(value)),
        entry("sort", SequenceFilters::sort),
        entry("sum", SequenceFilters::sum),
        entry("unique", SequenceFilters::unique));
  }

  private static Value fallback(Value value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("default", "default_value", "boolean");
    boolean missing = value instanceof Undefined || (bound.flag("boolean") && !Types.truth(value));
    return missing ? bound.find("default_value").orElse(Value.Text.EMPTY) : value;
  }

  private static Value attribute(Value value, Arguments arguments) {
    String name = arguments.bind("attr", "name").string("name");
    if (value instanceof Dict dict && dict.get(name).isPresent()) {
      throw Failure.unsupported("the filter 'attr' of a key of a dictionary");
    }
    return Attributes.dot(value, name);
  }

  private static Value first(Value value) {
    Iterator<Value> values = Types.iterator(value);
    return values.hasNext()
        ? values.next()
        : Undefined.because("No first item, sequence was empty.");
  }

  private static Value last(Value value) {
    if (value instanceof Generator generator) {
      throw Failure.evaluation("'%s' object is not reversible", generator.kind());
    }
    List<Value> items = Types.items(value);
    return items.isEmpty()
        ? Undefined.because("No last item, sequence was empty.")
        : items.getLast();
  }

  private static Value pairs(Value value) {
    return switch (value) {
      case Undefined _ -> Generator.of(Collections.emptyIterator());
      case Dict dict -> Generator.of(DictView.pairs(dict).iterator());
      default -> throw Failure.evaluation("Can only get item pairs from a mapping.");
    };
  }

  private static Value join(Value value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("join", "d", "attribute");
    UnaryOperator<Value> item = attributeOf(bound, true);
    return Value.of(
        Types.items(value).stream()
            .map(item)
            .map(Repr::text)
            .collect(Collectors.joining(bound.text("d", ""))));
  }

  private static Value reverse(Value value) {
    if (value instanceof Value.Text(String text)) {
      return Value.of(new Slice(OptionalInt.empty(), OptionalInt.empty(), -1).of(text));
    }
    if (value instanceof SafeText) {
      throw Failure.unsupported("the filter 'reverse' of what |safe gives");
    }
    if (Types.iteratorOf(value).isEmpty()) {
      throw Failure.evaluation("argument must be iterable");
    }
    List<Value> reversed = Types.items(value).reversed();
    return value instanceof Generator
        ? Value.of(reversed)
        : new Generator("reversed", reversed.iterator());
  }

  private static Value sort(Value value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("sort", "reverse", "case_sensitive", "attribute");
    if (bound.some("attribute").map(Repr::text).orElse("").contains(",")) {
      throw Failure.unsupported("sorting by several attributes");
    }
    return sorted(Types.items(value), attributeOf(bound, bound.flag("case_sensitive")), bound);
  }

  private static Value sortedPairs(Value value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("dictsort", "case_sensitive", "by", "reverse");
    String by = bound.text("by", "key");
    if (!by.equals("key") && !by.equals("value")) {
      throw Failure.evaluation("You can only sort by either \"key\" or \"value\"");
    }
    if (!(value instanceof Dict dict)) {
      throw value instanceof Undefined undefined
          ? undefined.failure()
          : Failure.evaluation("'%s' object has no attribute 'items'", Types.name(value));
    }
    Value place = Value.of(by.equals("key") ? 0 : 1);
    boolean exact = bound.flag("case_sensitive");
    return sorted(
        DictView.pairs(dict),
        pair -> exact ? Attributes.item(pair, place) : folded(Attributes.item(pair, place)),
        bound);
  }

  private static Value sorted(List<Value> values, UnaryOperator<Value> key, Arguments.Bound bound) {
    Comparator<Value> order = Comparator.comparing(key, Order::compare);
    List<Value> sorted = new ArrayList<>(values);
    sorted.sort(bound.flag("reverse") ? order.reversed() : order);
    return Value.of(sorted);
  }

  private static Value extreme(String name, Value value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind(name, "case_sensitive", "attribute");
    UnaryOperator<Value> key = attributeOf(bound, bound.flag("case_sensitive"));
    String better = name.equals("min") ? "<" : ">";
    return Types.items(value).stream()
        .reduce((best, next) -> Order.holds(better, key.apply(next), key.apply(best)) ? next : best)
        .orElseGet(() -> Undefined.because("No aggregated item, sequence was empty."));
  }

  private static Value unique(Value value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("unique", "case_sensitive", "attribute");
    UnaryOperator<Value> key = attributeOf(bound, bound.flag("case_sensitive"));
    Set<Value> seen = new HashSet<>();
    return Generator.of(
        Types.items(value).stream()
            .filter(item -> seen.add(Hashing.key(key.apply(item))))
            .iterator());
  }

  private static Value sum(Value value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("sum", "attribute", "start");
    UnaryOperator<Value> item = attributeOf(bound, true);
    Value start = bound.find("start").orElse(Value.of(0));
    return Types.items(value).stream()
        .map(item)
        .reduce(start, (sum, next) -> Operators.apply("+", sum, next));
  }

  private static Value batch(Value value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("batch", "linecount", "fill_with");
    int size = Numbers.index(bound.get("linecount"));
    List<Value> items = Types.items(value);
    List<Value> batches = new ArrayList<>();
    for (int start = 0; start < items.size(); start += size) {
      List<Value> batch =
          new ArrayList<>(items.subList(start, Math.min(items.size(), start + size)));
      bound
          .some("fill_with")
          .ifPresent(filler -> batch.addAll(Collections.nCopies(size - batch.size(), filler)));
      batches.add(Value.of(batch));
    }
    return Generator.of(batches.iterator());
  }

  /// What the argument `attribute` says to take of each value, in small letters unless case counts.
  private static UnaryOperator<Value> attributeOf(Arguments.Bound bound, boolean caseSensitive) {
    UnaryOperator<Value> attribute =
        bound
            .some("attribute")
            .<UnaryOperator<Value>>map(
                path -> value -> Attributes.path(value, path, Optional.empty()))
            .orElse(UnaryOperator.identity());
    return caseSensitive ? attribute : value -> folded(attribute.apply(value));
  }

  private static Value folded(Value value) {
    return value instanceof Value.Text(String text) ? Value.of(Strings.lower(text)) : value;
  }
}
