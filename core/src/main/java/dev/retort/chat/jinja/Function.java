package dev.retort.chat.jinja;

/// Something that can be called: a macro, a method of a value, one of the environment's functions.
///
/// @param name its name, for messages
/// @param macro whether it is a macro, which can be printed
record Function(String name, boolean macro, Body body) implements Value {

  /// What a call does.
  @FunctionalInterface
  interface Body {
    Value call(Arguments arguments);
  }

  static Function of(String name, Body body) {
    return new Function(name, false, body);
  }
}
