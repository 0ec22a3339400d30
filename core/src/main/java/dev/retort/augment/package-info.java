/// Augmentation: copies of texts in which words are replaced by others that could stand there.
@NullMarked
package dev.retort.augment;

import org.jspecify.annotations.NullMarked;
