package dev.retort.teacher;

import dev.retort.data.Batch;
import dev.retort.signal.Need;
import dev.retort.signal.Signals;
import java.util.Set;

/// A teacher in two precisions: in one it says what may be kept, in the other what is computed anew
/// in every step, which are features, and answers about mixtures of examples.
///
/// @param <B> what it is asked about
/// @param kept who says what may be kept
/// @param anew the same teacher as the student computes
public record MixedPrecision<B extends Batch>(Teacher<B> kept, Teacher<B> anew)
    implements Teacher<B> {

  @Override
  public String name() {
    return kept.name();
  }

  @Override
  public String fingerprint() {
    return kept.fingerprint();
  }

  @Override
  public Set<Need> offers() {
    return kept.offers();
  }

  @Override
  public Signals ask(Question<B> question, Set<Need> needs) {
    boolean features = needs.stream().anyMatch(Need::isFeature);
    return (features || question.mix().isPresent() ? anew : kept).ask(question, needs);
  }

  @Override
  public void close() {
    kept.close();
    anew.close();
  }
}
