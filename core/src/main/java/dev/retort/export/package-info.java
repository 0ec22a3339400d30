/// Hands a trained student over: ONNX files, Hugging Face folders and model cards, each written
/// aside, checked, and only then put in place.
@NullMarked
package dev.retort.export;

import org.jspecify.annotations.NullMarked;
