/// Tensors with native memory in scopes, automatic differentiation, optimizers and safetensors
/// files. The only package that knows libtorch.
@NullMarked
package dev.retort.tensor;

import org.jspecify.annotations.NullMarked;
