/// The data that `retort demo` works on.
@NullMarked
package dev.retort.app.demo;

import org.jspecify.annotations.NullMarked;
