package dev.retort.chat.jinja;

import org.jspecify.annotations.Nullable;

/// A text that `safe` marked: markupsafe's `Markup`. A text that is added to it is escaped for
/// HTML, even in a chat template.
record SafeText(String value) implements Value {

  /// A text in which `& < > ' "` are escaped.
  static SafeText escape(String text) {
    return new SafeText(
        text.replace("&", "&amp;")
            .replace("<", "&lt;")
            .replace(">", "&gt;")
            .replace("'", "&#39;")
            .replace("\"", "&#34;"));
  }

  static SafeText escape(Value value) {
    return value instanceof SafeText safe ? safe : escape(Repr.text(value));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return Types.isText(other, value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }
}
