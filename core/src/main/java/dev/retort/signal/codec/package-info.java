/// How what a teacher says about a token becomes a few bytes, and what is lost by it.
@NullMarked
package dev.retort.signal.codec;

import org.jspecify.annotations.NullMarked;
