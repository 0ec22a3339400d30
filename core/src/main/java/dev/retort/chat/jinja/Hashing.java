package dev.retort.chat.jinja;

/// Which values can be keys of dictionaries.
final class Hashing {

  private Hashing() {}

  /// The value, if Python could hash it.
  static Value key(Value value) {
    switch (value) {
      case Value.Sequence _, Value.Dict _ ->
          throw Failure.evaluation("unhashable type: '%s'", Types.name(value));
      case Value.Tuple(var items) -> items.forEach(Hashing::key);
      default -> {}
    }
    return value;
  }
}
