/// OpenAI's Batch API: many requests in one file, answered within a day for less, collected by
/// whichever process comes back for them.
@NullMarked
package dev.retort.batch;

import org.jspecify.annotations.NullMarked;
