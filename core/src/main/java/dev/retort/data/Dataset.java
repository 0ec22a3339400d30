package dev.retort.data;

import dev.retort.io.Sha256;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// One split: examples that share their classes.
///
/// @param name `train`, `validation` or `test`
/// @param examples in the order of the files
/// @param labels the classes
public record Dataset(String name, List<Example> examples, Labels labels) {
  public Dataset {
    examples = List.copyOf(examples);
    for (Example example : examples) {
      if (example.label() >= labels.size()) {
        throw new IllegalArgumentException(
            "%s: label index %d is not below the number of classes, %d"
                .formatted(example.place(), example.label(), labels.size()));
      }
    }
  }

  /// The number of examples.
  public int size() {
    return examples.size();
  }

  /// How many examples each class has; unlabelled ones count nowhere.
  public int[] classCounts() {
    int[] counts = new int[labels.size()];
    examples.stream().filter(Example::isLabelled).forEach(example -> counts[example.label()]++);
    return counts;
  }

  /// The SHA-256 of the classes and of all texts, labels, routes and reasons in their order, as
  /// hexadecimal digits. It says that two runs saw the same data; where the files lie does not
  /// matter.
  public String hash() {
    Sha256 hash = new Sha256().add(labels.size());
    labels.names().forEach(hash::add);
    for (Example example : examples) {
      hash.add(example.contentKey()).add(example.label());
      example.route().ifPresent(hash::add);
      example.rationale().ifPresent(hash::add);
    }
    return hash.hex(Sha256.BYTES);
  }

  /// These examples and then those of `more`, which has the same classes.
  public Dataset and(Dataset more) {
    List<Example> both = Stream.concat(examples.stream(), more.examples.stream()).toList();
    return new Dataset(name + " and " + more.name, both, labels);
  }

  /// The examples with these indices, in this order.
  public Dataset subset(int... rows) {
    return new Dataset(name, Arrays.stream(rows).mapToObj(examples::get).toList(), labels);
  }

  /// The same texts without their labels.
  Dataset unlabelled() {
    List<Example> hidden =
        examples.stream().map(example -> example.withLabel(Example.UNLABELLED)).toList();
    return new Dataset(name, hidden, labels);
  }

  /// Those of the examples that are `kept`.
  public Dataset where(Predicate<Example> kept) {
    return new Dataset(name, examples.stream().filter(kept).toList(), labels);
  }
}
