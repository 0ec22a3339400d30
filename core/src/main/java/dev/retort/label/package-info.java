/// How a model behind an API is asked which label a text has, and what its answers say: a
/// distribution over the labels, made of votes and log-probabilities.
@NullMarked
package dev.retort.label;

import org.jspecify.annotations.NullMarked;
