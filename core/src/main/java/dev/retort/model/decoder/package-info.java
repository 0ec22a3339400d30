/// Decoders that predict the next token: families, their shapes and weights, one computation for
/// all of them, low-rank adapters, and how they generate.
@NullMarked
package dev.retort.model.decoder;

import org.jspecify.annotations.NullMarked;
