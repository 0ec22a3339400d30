/// Package bench.
@NullMarked
package dev.retort.bench;

import org.jspecify.annotations.NullMarked;
