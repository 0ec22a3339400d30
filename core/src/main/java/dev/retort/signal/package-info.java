/// What a teacher can say about a batch, and the store that keeps what was said.
@NullMarked
package dev.retort.signal;

import org.jspecify.annotations.NullMarked;
