package dev.retort.redact;

import java.util.List;

/// Finds what must not leave the machine; takes time in proportion to the length of the text.
@FunctionalInterface
interface Finder {

  /// The places in the order of the text, without overlaps.
  List<Span> find(String text);
}
