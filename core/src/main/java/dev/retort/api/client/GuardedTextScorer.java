package dev.retort.api.client;

import dev.retort.api.ChatAnswer.TokenLogprob;
import dev.retort.api.TextScorer;
import dev.retort.api.limit.Limits;
import dev.retort.api.limit.Persistence;
import dev.retort.api.limit.TokenEstimate;
import java.util.List;

/// A scorer that is asked no faster than its API allows, and again when that failed.
///
/// @param scorer who is asked
/// @param limits how fast
/// @param persistence how often and how long
record GuardedTextScorer(TextScorer scorer, Limits limits, Persistence persistence)
    implements TextScorer {

  @Override
  public String name() {
    return scorer.name();
  }

  @Override
  public String identity() {
    return scorer.identity();
  }

  @Override
  public List<TokenLogprob> score(String text, int top) throws InterruptedException {
    long estimate = TokenEstimate.text(text) + 1;
    return persistence.run(
        identity(),
        () ->
            limits.run(
                identity(), estimate, () -> scorer.score(text, top), scores -> scores.size() + 1L));
  }

  @Override
  public void close() {
    scorer.close();
  }
}
