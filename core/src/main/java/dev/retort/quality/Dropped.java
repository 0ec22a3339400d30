package dev.retort.quality;

import dev.retort.data.DataRow;

/// A row that is not kept.
///
/// @param row as it was
/// @param reason why, with what was found
public record Dropped(DataRow row, String reason) {}
