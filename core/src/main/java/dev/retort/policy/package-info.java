/// On-policy training: texts that the student itself writes, and learns from.
@NullMarked
package dev.retort.policy;

import org.jspecify.annotations.NullMarked;
