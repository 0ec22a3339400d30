/// What the command line shows while it works: progress, and output that suits where it goes.
@NullMarked
package dev.retort.app.terminal;

import org.jspecify.annotations.NullMarked;
