package dev.retort.label;

import dev.retort.api.ChatRequest;
import dev.retort.data.Example;
import java.util.List;

/// How a chat model is asked about texts, and how its answers are read.
public interface TextQuestion {

  /// The requests that ask about `example`, one for each vote.
  List<ChatRequest> requests(Example example);

  /// Reads the answers about `example`.
  AnswerReader reader(Example example);
}
