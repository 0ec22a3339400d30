package dev.retort.chat.jinja;

/// A place in a template's source.
///
/// @param line from 1
/// @param column from 1, in UTF-16 units
record Position(int line, int column) {}
