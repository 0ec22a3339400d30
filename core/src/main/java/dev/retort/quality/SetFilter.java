package dev.retort.quality;

/// A filter that needs more than a row: the other rows, a file, a model.
public sealed interface SetFilter extends Filter
    permits Duplicates, NearDuplicates, LabelBalance, Language, Diverse {}
