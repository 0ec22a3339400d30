/// Smaller networks made of bigger ones: what matters in a network, and cutting away the rest.
@NullMarked
package dev.retort.compress;

import org.jspecify.annotations.NullMarked;
