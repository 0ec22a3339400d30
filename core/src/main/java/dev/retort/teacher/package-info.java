/// Models that are asked and never trained: local weights, and answers that were stored earlier.
@NullMarked
package dev.retort.teacher;

import org.jspecify.annotations.NullMarked;
