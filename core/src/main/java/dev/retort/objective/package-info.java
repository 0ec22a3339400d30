/// The losses a student is trained on, one record each.
@NullMarked
package dev.retort.objective;

import org.jspecify.annotations.NullMarked;
