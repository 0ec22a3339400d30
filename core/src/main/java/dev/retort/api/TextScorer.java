package dev.retort.api;

import dev.retort.api.ChatAnswer.TokenLogprob;
import java.util.List;

/// A model that says how likely it finds a text that is given to it; many threads may ask at once.
public interface TextScorer extends AutoCloseable {

  /// The model's name at its API, for messages and reports.
  String name();

  /// What scores depend on besides the text, as in [ChatModel#identity()].
  String identity();

  /// Scores `text`, and waits for that.
  ///
  /// @param top likeliest tokens wanted beside each token, 0 to 20
  /// @return the text's tokens in order, each given those before it. A token that nothing stands
  ///   before has no log-probability and is not among them: that is the one which marks the
  ///   beginning, or the text's first where a model has no such mark
  /// @throws ApiException if there is no score, as in [ChatModel#answer]
  /// @throws InterruptedException if the calling thread is interrupted meanwhile
  List<TokenLogprob> score(String text, int top) throws InterruptedException;

  @Override
  void close();
}
