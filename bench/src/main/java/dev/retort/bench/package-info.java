/// Benchmarks of Retort, alone and side by side with what Python users write. Never published.
@NullMarked
package dev.retort.bench;

import org.jspecify.annotations.NullMarked;
