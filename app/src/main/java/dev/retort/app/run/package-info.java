/// What stands between a command and the core: the process's surroundings, progress, interruption.
@NullMarked
package dev.retort.app.run;

import org.jspecify.annotations.NullMarked;
