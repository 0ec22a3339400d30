package dev.retort.augment;

import dev.retort.data.Example;

/// A word in its text, whose place another word could take.
///
/// @param example the text
/// @param word one of its words
record Slot(Example example, Word word) {}
