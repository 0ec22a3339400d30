/// What surrounds requests to an API: limits of rate and concurrency, pauses that the API asks for,
/// further attempts, and a circuit breaker.
@NullMarked
package dev.retort.api.limit;

import org.jspecify.annotations.NullMarked;
