/// The clients of models behind an API: plain HTTP, Amazon Bedrock, and all that belongs around
/// them.
@NullMarked
package dev.retort.api.client;

import org.jspecify.annotations.NullMarked;
