package dev.retort.quality;

/// A filter that compares rows with each other or with those of a file.
public sealed interface SetFilter extends Filter permits Duplicates, LabelBalance {}
