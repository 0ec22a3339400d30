/// Tests of the runtime, and the tiny tokenizers and models they write for themselves.
@NullMarked
package dev.retort.runtime;

import org.jspecify.annotations.NullMarked;
