/// What is wrong with rows that a model wrote, and which of them are kept: filters, each of which
/// says why it drops a row.
@NullMarked
package dev.retort.quality;

import org.jspecify.annotations.NullMarked;
