package dev.retort.chat.jinja;

import java.util.List;

/// What a dictionary's `keys()`, `values()` and `items()` give.
///
/// @param kind `dict_keys`, `dict_values` or `dict_items`
record DictView(String kind, List<Value> items) implements Value {

  static DictView keys(Dict dict) {
    return new DictView("dict_keys", List.copyOf(dict.entries().sequencedKeySet()));
  }

  static DictView values(Dict dict) {
    return new DictView("dict_values", List.copyOf(dict.entries().sequencedValues()));
  }

  static DictView items(Dict dict) {
    return new DictView("dict_items", pairs(dict));
  }

  /// The entries of a dictionary as tuples.
  static List<Value> pairs(Dict dict) {
    return dict.entries().sequencedEntrySet().stream()
        .<Value>map(entry -> new Tuple(List.of(entry.getKey(), entry.getValue())))
        .toList();
  }
}
