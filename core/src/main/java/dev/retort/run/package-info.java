/// A whole run, from recipe to report: the phases in their order, and what they leave behind.
@NullMarked
package dev.retort.run;

import org.jspecify.annotations.NullMarked;
