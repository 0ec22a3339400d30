/// The command line: where it starts, and how a line of arguments becomes a command.
@NullMarked
package dev.retort.app;

import org.jspecify.annotations.NullMarked;
