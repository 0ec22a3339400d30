/// The models that teach and learn: encoder families, heads, perceptrons, parameters, and their
/// folders on disk.
@NullMarked
package dev.retort.model;

import org.jspecify.annotations.NullMarked;
