/// Models that are asked and never trained: local weights, answers that were stored earlier, and
/// several teachers together.
@NullMarked
package dev.retort.teacher;

import org.jspecify.annotations.NullMarked;
