/// How a command ends: its exit code, and what a user is told when it fails.
@NullMarked
package dev.retort.app.exit;

import org.jspecify.annotations.NullMarked;
