package dev.retort.synthesis;

import dev.retort.api.ChatRequest;
import dev.retort.api.ChatRequest.AnswerSchema;
import dev.retort.api.ChatRequest.Decoding;
import dev.retort.api.ChatTurn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// What a step asks: instructions, the text they are for, and the form of the answer.
///
/// @param instructions the system's turn; none if blank
/// @param decoding how answers are drawn
/// @param schema what answers are held to
record Prompting(String instructions, Decoding decoding, Optional<AnswerSchema> schema) {

  /// Asks for free text.
  Prompting(String instructions, Decoding decoding) {
    this(instructions, decoding, Optional.empty());
  }

  /// The request about `text`.
  ChatRequest request(String text) {
    List<ChatTurn> turns = new ArrayList<>();
    if (!instructions.isBlank()) {
      turns.add(ChatTurn.system(instructions));
    }
    turns.add(ChatTurn.user(text));
    return new ChatRequest(turns, decoding, schema, 0);
  }

  /// The request about `text`, for each of `count` answers.
  List<ChatRequest> requests(String text, int count) {
    return IntStream.range(0, count).mapToObj(request(text)::withSample).toList();
  }
}
