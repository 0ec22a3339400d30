/// Labelled texts, text pairs and images on their way from files to batches: reading, checks,
/// splits, content hashes, tokenization and length-bucketed batches.
@NullMarked
package dev.retort.data;

import org.jspecify.annotations.NullMarked;
