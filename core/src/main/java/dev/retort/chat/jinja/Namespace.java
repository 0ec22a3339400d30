package dev.retort.chat.jinja;

import dev.retort.chat.jinja.TemplateException.Kind;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// What `namespace()` gives: the one value whose attributes a template can set.
final class Namespace implements Value {
  private final SequencedMap<String, Value> attributes = new LinkedHashMap<>();

  Namespace(Map<String, Value> attributes) {
    attributes.forEach(this::set);
  }

  Optional<Value> get(String name) {
    return Optional.ofNullable(attributes.get(name));
  }

  void set(String name, Value value) {
    if (name.startsWith("_")) {
      throw new Failure(
          Kind.FORBIDDEN,
          ("Chat templates cannot store underscore-prefixed attributes on a namespace, but got %s."
                  + " Please rename the attribute.")
              .formatted(Repr.of(name)));
    }
    attributes.put(name, value);
  }

  /// The attributes as a dictionary.
  Dict dict() {
    return Dict.of(attributes);
  }
}
