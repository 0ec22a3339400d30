package dev.retort.model.decoder;

/// What the layers of a family have that others lack.
///
/// @param norm how states are normalised before attention, the feed-forward part and the head
/// @param gated whether a feed-forward layer is `down(f(gate x) · up x)` (Shazeer 2020, arXiv
///   2002.05202) or `down(f(up x))`
/// @param queryKeyNorm whether every query and key is normalised before it is turned
/// @param branchNorms whether what attention and feed-forward part yield is normalised before it is
///   added
/// @param scaledEmbedding whether embeddings are multiplied by `√D`
public record Traits(
    Norm norm, boolean gated, boolean queryKeyNorm, boolean branchNorms, boolean scaledEmbedding) {}
