package dev.retort.model.decoder;

import java.util.Optional;
import java.util.OptionalInt;

/// What a layer's attention reaches and how it knows positions.
///
/// @param window how many tokens a token sees, itself included; all before it if empty
/// @param rope how positions turn queries and keys; empty where they are added to the embeddings
public record LayerSpan(OptionalInt window, Optional<Rope> rope) {}
