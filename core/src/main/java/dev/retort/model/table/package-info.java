/// Static students: one vector for each token, distilled from an encoder, under a linear head.
@NullMarked
package dev.retort.model.table;

import org.jspecify.annotations.NullMarked;
