/// Conversations and teacher answers of other systems: read from what OpenAI, Amazon Bedrock,
/// ShareGPT and Alpaca write, and written as what they read.
@NullMarked
package dev.retort.exchange;

import org.jspecify.annotations.NullMarked;
