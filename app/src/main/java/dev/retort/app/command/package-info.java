/// The commands, one class each.
@NullMarked
package dev.retort.app.command;

import org.jspecify.annotations.NullMarked;
