package dev.retort.align;

import dev.retort.data.TokenSequence;

/// A text as a teacher reads it, and how its tokens lie beside the student's.
///
/// @param teacher the teacher's tokens
/// @param alignment which of them cover the bytes of which of the student's
public record AlignedText(TokenSequence teacher, Alignment alignment) {}
