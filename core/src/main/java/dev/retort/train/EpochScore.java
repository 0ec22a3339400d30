package dev.retort.train;

/// The validation score after one epoch.
///
/// @param epoch from 0
/// @param step optimizer steps made until then
/// @param score higher is better
public record EpochScore(int epoch, long step, double score) {}
