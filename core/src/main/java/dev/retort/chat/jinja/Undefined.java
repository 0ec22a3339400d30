package dev.retort.chat.jinja;

import dev.retort.chat.jinja.TemplateException.Kind;
import org.jspecify.annotations.Nullable;

/// What a name or attribute that does not exist evaluates to: empty when printed, false when
/// tested, and an error in all else.
///
/// @param kind the kind of that error
/// @param reason its message
record Undefined(Kind kind, String reason) implements Value {

  static Undefined because(String reason) {
    return new Undefined(Kind.UNDEFINED, reason);
  }

  static Undefined variable(String name) {
    return because(Repr.of(name) + " is undefined");
  }

  /// @param owner what was looked into
  static Undefined attribute(Value owner, String name) {
    return because(Repr.of(owner(owner)) + " has no attribute " + Repr.of(name));
  }

  /// @param owner what was looked into
  static Undefined element(Value owner, Value index) {
    return index instanceof Value.Text(String name)
        ? attribute(owner, name)
        : because(owner(owner) + " has no element " + Repr.of(index));
  }

  /// An attribute that exists, and that the sandbox hides.
  static Undefined unsafe(Value owner, String name) {
    return new Undefined(
        Kind.FORBIDDEN,
        "access to attribute %s of '%s' object is unsafe."
            .formatted(Repr.of(name), Types.name(owner)));
  }

  Failure failure() {
    return new Failure(kind, reason);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Undefined;
  }

  @Override
  public int hashCode() {
    return Undefined.class.hashCode();
  }

  private static String owner(Value owner) {
    return owner == Value.None.NONE ? "None" : Types.name(owner) + " object";
  }
}
