package dev.retort.teacher;

import dev.retort.data.Batch;
import dev.retort.io.Sha256;
import dev.retort.signal.Need;
import dev.retort.signal.Signals;
import java.util.EnumSet;
import java.util.Set;

/// Teachers together whose distributions are one's, and whose hidden states, attention and
/// embeddings another's: what several models compute inside cannot be averaged.
///
/// @param <B> what they are asked about
/// @param answers who gives distributions
/// @param inside who gives everything else
public record WithFeatures<B extends Batch>(Teacher<B> answers, Teacher<B> inside)
    implements Teacher<B> {

  private static final Set<Need> ANSWERS = EnumSet.of(Need.DISTRIBUTION, Need.LOGITS);

  @Override
  public String name() {
    return answers.name();
  }

  @Override
  public String fingerprint() {
    return new Sha256().add(answers.fingerprint()).add(inside.fingerprint()).hex(Sha256.BYTES);
  }

  @Override
  public Set<Need> offers() {
    Set<Need> offers = EnumSet.copyOf(inside.offers());
    offers.removeAll(ANSWERS);
    offers.addAll(answers.offers());
    return offers;
  }

  @Override
  public Signals ask(Question<B> question, Set<Need> needs) {
    Set<Need> said = EnumSet.noneOf(Need.class);
    Set<Need> computed = EnumSet.noneOf(Need.class);
    needs.forEach(need -> (ANSWERS.contains(need) ? said : computed).add(need));
    Signals told = said.isEmpty() ? Signals.NONE : answers.ask(question, said);
    Signals seen = computed.isEmpty() ? Signals.NONE : inside.ask(question, computed);
    return new Signals(told.distribution(), seen.features(), seen.embeddingND());
  }

  @Override
  public void close() {
    answers.close();
    inside.close();
  }
}
