package dev.retort.signal;

/// What is kept of a teacher's answer about the tokens of one sequence.
///
/// @param rows what a codec made of each row, one after another
/// @param tokens how many rows these are
/// @param error what the codec lost, added up over the rows
@SuppressWarnings("ArrayRecordComponent") // handed from a codec to a shard and back
public record TokenAnswer(byte[] rows, int tokens, double error) {}
