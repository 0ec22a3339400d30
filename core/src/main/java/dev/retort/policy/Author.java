package dev.retort.policy;

import dev.retort.model.Precision;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.model.decoder.Continuation;
import dev.retort.model.decoder.Generator;
import dev.retort.model.decoder.Sampling;
import dev.retort.recipe.OnPolicy;
import dev.retort.tensor.Workers;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// A model that continues prompts as it is trained to: in the number format of training, and until
/// a token that ends texts.
///
/// @param model who writes
/// @param precision number format of its matrix products
/// @param endIds the tokens that end a text, which are written as well
public record Author(CausalLanguageModel model, Precision precision, Set<Integer> endIds) {

  public Author {
    endIds = Set.copyOf(endIds);
  }

  /// All `prompts` with what the model's present weights add to them.
  List<WrittenText> written(List<int[]> prompts, OnPolicy policy, long seed, Workers workers) {
    Sampling sampling =
        new Sampling(policy.maxTokens(), policy.temperature(), policy.topP(), endIds, seed);
    // The weights are read for every token, but change only after the step.
    try (CausalLanguageModel frozen = model.frozen(precision)) {
      List<Continuation> added =
          new Generator(frozen, precision).continued(prompts, sampling, workers);
      return IntStream.range(0, prompts.size())
          .mapToObj(i -> WrittenText.of(prompts.get(i), added.get(i)))
          .toList();
    }
  }
}
