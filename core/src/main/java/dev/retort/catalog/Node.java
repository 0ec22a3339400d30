package dev.retort.catalog;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// A recipe as it was written: a tree of texts that know where they stand. What a text means (a
/// number, a path, the name of an objective) is decided by the component that it is bound to, never
/// by how it looks; so `no` stays a text where a text is due, and `1e-4` is a number where a number
/// is due.
public sealed interface Node {

  /// Where the setting stands: its key inside a mapping, its first character inside a sequence.
  Location at();

  /// A single value. A `literal` looks like a number or a truth value and is written without
  /// quotes.
  record Scalar(String text, boolean literal, Location at) implements Node {}

  /// A list.
  record Sequence(List<Node> items, Location at) implements Node {
    public Sequence {
      items = List.copyOf(items);
    }
  }

  /// Settings by their keys, in the order of the file.
  record Mapping(SequencedMap<String, Node> entries, Location at) implements Node {
    public Mapping {
      entries = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(entries));
    }

    /// A mapping without entries.
    static Mapping empty(Location at) {
      return new Mapping(new LinkedHashMap<>(), at);
    }

    /// This mapping with one entry replaced or added.
    Mapping with(String key, Node value) {
      SequencedMap<String, Node> changed = new LinkedHashMap<>(entries);
      changed.put(key, value);
      return new Mapping(changed, at);
    }
  }

  /// A key without a value, or `null`.
  record Empty(Location at) implements Node {}

  /// What it is, for messages: `5`, `the text 'abc'`, `a list`.
  default String found() {
    return switch (this) {
      case Scalar scalar -> ScalarKind.found(scalar.text);
      case Sequence _ -> "a list";
      case Mapping _ -> "settings (key: value)";
      case Empty _ -> "nothing";
    };
  }

  /// The same node at another place: an alias stands where it is used.
  default Node movedTo(Location place) {
    return switch (this) {
      case Scalar scalar -> new Scalar(scalar.text, scalar.literal, place);
      case Sequence sequence -> new Sequence(sequence.items, place);
      case Mapping mapping -> new Mapping(mapping.entries, place);
      case Empty _ -> new Empty(place);
    };
  }
}
