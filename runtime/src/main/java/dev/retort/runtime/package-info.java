/// What a service embeds to use an exported student in its own process: open a folder, classify
/// texts. Needs ONNX Runtime and the tokenizer library, never libtorch, and never the network.
@NullMarked
package dev.retort.runtime;

import org.jspecify.annotations.NullMarked;
