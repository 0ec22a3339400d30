package dev.retort.batch;

import dev.retort.api.ChatRequest;
import dev.retort.ledger.Budget;
import dev.retort.ledger.Dollars;
import dev.retort.ledger.Price;
import dev.retort.ledger.Provenance;
import dev.retort.ledger.TokenCounter;
import java.util.Collection;

/// Who asks, and who pays.
///
/// @param identity [dev.retort.api.ChatModel#identity] of the model, as when it is asked one
///   request at a time: answers are found either way
/// @param price what tokens cost in a batch
/// @param budget what may be spent
/// @param provenance what is noted of answers; the batch becomes their source
public record BatchAccount(String identity, Price price, Budget budget, Provenance provenance) {

  /// What requests cost at most.
  Dollars most(Collection<ChatRequest> requests) {
    TokenCounter bound = TokenCounter.atMost();
    Dollars sum = Dollars.ZERO;
    for (ChatRequest request : requests) {
      sum = sum.plus(price.atMost(bound.tokens(request), request.decoding().maxTokens()));
    }
    return sum;
  }
}
