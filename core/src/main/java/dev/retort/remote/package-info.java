/// A model behind an API as recipes and syntheses name it: how it is reached and paid, and what it
/// is never told.
@NullMarked
package dev.retort.remote;

import org.jspecify.annotations.NullMarked;
