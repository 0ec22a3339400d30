/// Decoders from one world to the other: GGUF files and Hugging Face folders, with weights,
/// hyperparameters and tokenizer; and checkpoints of llama2.c into both.
@NullMarked
package dev.retort.gguf.convert;

import org.jspecify.annotations.NullMarked;
