/// The training loop, its checkpoints, and the listeners that watch it.
@NullMarked
package dev.retort.train;

import org.jspecify.annotations.NullMarked;
