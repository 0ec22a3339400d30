package dev.retort.exchange;

import dev.retort.api.ChatAnswer.Finish;
import dev.retort.api.ChatAnswer.Usage;
import java.time.Instant;
import java.util.Optional;

/// Who gave an answer, and how.
///
/// @param model the model, as its API names it
/// @param id the API's name for the answer; empty if it gives none
/// @param finish why the answer ended
/// @param usage tokens that were paid for
/// @param at when
/// @param sample which of several answers to the same question, from 0
public record Teacher(
    String model, String id, Finish finish, Usage usage, Optional<Instant> at, int sample) {}
