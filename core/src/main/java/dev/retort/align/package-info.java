/// Two tokenizers on one text: which tokens cover the same bytes, and which spell the same.
@NullMarked
package dev.retort.align;

import org.jspecify.annotations.NullMarked;
