package dev.retort.recipe;

import dev.retort.catalog.Catalog;
import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Named;
import dev.retort.signal.codec.SampledCodec;
import dev.retort.signal.codec.TokenCodec;
import dev.retort.signal.codec.TopKCodec;
import java.util.Optional;

/// How what a language model's teacher says about tokens reaches the student: the `signals:` of a
/// teacher.
public sealed interface TokenSignals {

  /// The kinds of signals by name.
  Catalog<TokenSignals> CATALOG =
      Catalog.of("signals", TokenSignals.class, Online.class, TopK.class, Sampled.class);

  /// What keeps it, for probabilities at `temperature` over `vocabulary` tokens; empty if nothing
  /// is kept.
  Optional<TokenCodec> codec(double temperature, int vocabulary);

  /// Asked in every step; nothing is kept.
  @Named("online")
  @Doc("The teacher is asked in every step about every token of the vocabulary; nothing is kept.")
  record Online() implements TokenSignals {
    @Override
    public Optional<TokenCodec> codec(double temperature, int vocabulary) {
      return Optional.empty();
    }
  }

  /// Asked once; of each row the likeliest tokens are kept, and the mass of all others.
  ///
  /// @param k tokens that are named
  @Named("top-k")
  @Doc(
      "The teacher is asked once; kept are the likeliest tokens of each row, and the mass of all"
          + " others.")
  record TopK(
      @Default("15")
          @Doc("Tokens that are named; 15 take 64 bytes at most for vocabularies of up to 262,144.")
          int k)
      implements TokenSignals {

    public TopK {
      Check.atLeast("k", k, 1);
    }

    @Override
    public Optional<TokenCodec> codec(double temperature, int vocabulary) {
      return Optional.of(new TopKCodec(k, temperature, vocabulary));
    }
  }

  /// Asked once; of each row some tokens are kept that were drawn from the teacher.
  ///
  /// @param draws how many, with replacement
  /// @param seed of the draws
  @Named("sampled")
  @Doc(
      "The teacher is asked once; kept are tokens drawn from it with replacement, which teach the"
          + " whole distribution in the mean (Anshumann et al. 2025).")
  record Sampled(
      @Default("50") @Doc("Draws for each row, with replacement.") int draws,
      @Default("1") @Doc("Seed of the draws; another one asks the teacher again.") long seed)
      implements TokenSignals {

    /// Keeps the counts of a row in 16 bits.
    private static final int MOST = 1 << 16;

    public Sampled {
      Check.within("draws", draws, 1, MOST);
    }

    @Override
    public Optional<TokenCodec> codec(double temperature, int vocabulary) {
      return Optional.of(new SampledCodec(draws, temperature, vocabulary, seed));
    }
  }
}
