/// New training data from a model behind an API: steps that turn rows into requests and answers
/// into rows.
@NullMarked
package dev.retort.synthesis;

import org.jspecify.annotations.NullMarked;
