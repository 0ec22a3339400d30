package dev.retort.chat.jinja;

import java.util.Iterator;

/// Values that are computed when they are asked for, and only once: what `map`, `select` and the
/// like give.
///
/// @param kind Python's name of its type
record Generator(String kind, Iterator<Value> values) implements Value {

  static Generator of(Iterator<Value> values) {
    return new Generator("generator", values);
  }
}
