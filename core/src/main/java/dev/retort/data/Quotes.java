package dev.retort.data;

/// Whether `"` in a CSV or TSV file encloses a field or is a character like any other.
public enum Quotes {
  /// A field may be enclosed in `"`, with `""` for a quote inside (RFC 4180).
  DOUBLE,
  /// A quote is part of the text, as in the TSV files of GLUE.
  NONE
}
