/// The wires of APIs: a request as JSON, and an answer, a stream of events or an error read back.
/// Nothing here opens a connection.
@NullMarked
package dev.retort.api.wire;

import org.jspecify.annotations.NullMarked;
