package dev.retort.ledger;

import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatModel;
import dev.retort.api.ChatRequest;

/// Asks a model only as long as the budget lasts.
///
/// It belongs below a [LedgeredChatModel], whose known answers cost nothing, and around whatever
/// tries again. An attempt without an answer counts as unpaid.
///
/// @param model who is asked
/// @param price what its tokens cost
/// @param budget shared with whoever else spends from it
/// @param bound how many tokens a request has at most; [TokenCounter#atMost] keeps the budget's
///   promise for every text
public record BudgetedChatModel(ChatModel model, Price price, Budget budget, TokenCounter bound)
    implements ChatModel {

  /// A model whose requests are bounded by their bytes.
  public BudgetedChatModel(ChatModel model, Price price, Budget budget) {
    this(model, price, budget, TokenCounter.atMost());
  }

  @Override
  public String name() {
    return model.name();
  }

  @Override
  public String identity() {
    return model.identity();
  }

  /// @throws BudgetSpentException if the answer might pass the budget
  @Override
  public ChatAnswer answer(ChatRequest request) throws InterruptedException {
    Dollars most = price.atMost(bound.tokens(request), request.decoding().maxTokens());
    try (Budget.Reservation reservation = budget.reserve(most)) {
      ChatAnswer answer = model.answer(request);
      reservation.settle(price.of(answer.usage()));
      return answer;
    }
  }

  @Override
  public void close() {
    model.close();
  }
}
