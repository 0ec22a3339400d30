/// Models behind an API: what they are asked, what they answer, and what may go wrong.
@NullMarked
package dev.retort.api;

import org.jspecify.annotations.NullMarked;
