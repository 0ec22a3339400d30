/// Benchmarks: methods over several seeds, and Retort beside its peers.
@NullMarked
package dev.retort.bench;

import org.jspecify.annotations.NullMarked;
