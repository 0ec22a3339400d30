/// Foreign checkpoints turned into folders in Hugging Face's layout.
@NullMarked
package dev.retort.model.convert;

import org.jspecify.annotations.NullMarked;
