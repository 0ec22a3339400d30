/// Keeps personal data and secrets on this machine: finds them in texts, puts placeholders in their
/// place before a model behind an API is asked, and says what was replaced.
@NullMarked
package dev.retort.redact;

import org.jspecify.annotations.NullMarked;
