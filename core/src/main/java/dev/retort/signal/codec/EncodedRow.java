package dev.retort.signal.codec;

/// What is kept of a teacher's distribution over one token.
///
/// @param bytes as [TokenCodec#decode] reads them
/// @param error what was lost by it, in the measure of the codec
@SuppressWarnings("ArrayRecordComponent") // written to a shard as they are
public record EncodedRow(byte[] bytes, double error) {}
