/// Conversations and the texts that models read them as: chat templates, rendered as transformers
/// does, with the parts that the assistant wrote.
@NullMarked
package dev.retort.chat;

import org.jspecify.annotations.NullMarked;
