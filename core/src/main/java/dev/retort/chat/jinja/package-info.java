/// An interpreter of the Jinja that chat templates are written in: jinja2's grammar and scoping,
/// with Python's values, as transformers sets it up.
@NullMarked
package dev.retort.chat.jinja;

import org.jspecify.annotations.NullMarked;
