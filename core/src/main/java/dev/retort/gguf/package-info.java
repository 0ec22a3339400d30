/// GGUF, the file format of llama.cpp: metadata, tensors in blocks of few bits, read and written.
@NullMarked
package dev.retort.gguf;

import org.jspecify.annotations.NullMarked;
