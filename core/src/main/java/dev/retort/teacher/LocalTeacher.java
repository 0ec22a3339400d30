package dev.retort.teacher;

import dev.retort.data.Batch;
import dev.retort.model.ForwardMode;
import dev.retort.model.Network;
import dev.retort.model.NetworkOutput;
import dev.retort.model.Precision;
import dev.retort.signal.Distribution;
import dev.retort.signal.Need;
import dev.retort.signal.Signals;
import dev.retort.tensor.NoGrad;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// A teacher whose weights are in this process: without dropout, without gradient.
///
/// It reads the student's tokens, so teacher and student must share a tokenizer, as every student
/// that is cut from its teacher does; [Rereading] is for those that do not.
///
/// @param <B> what it reads
/// @param name what to call it
/// @param fingerprint hash of its weights, tokenizer and length limit
/// @param model the weights
/// @param precision number format of its matrix products
public record LocalTeacher<B extends Batch>(
    String name, String fingerprint, Network<B> model, Precision precision) implements Teacher<B> {

  @Override
  public Set<Need> offers() {
    return EnumSet.allOf(Need.class);
  }

  @Override
  public Signals ask(Question<B> question, Set<Need> needs) {
    boolean features = needs.stream().anyMatch(Need::isFeature);
    ForwardMode plain = ForwardMode.evaluate(precision).mixing(question.mix());
    try (NoGrad _ = NoGrad.open()) {
      NetworkOutput output = model.forward(question.batch(), features ? plain.capturing() : plain);
      return new Signals(
          distribution(output),
          features ? output.encoder() : Optional.empty(),
          Optional.of(output.pooledND()));
    }
  }

  private static Optional<Distribution> distribution(NetworkOutput output) {
    Optional<Distribution> dense = output.logits().map(Distribution.Dense::new);
    return dense.or(
        () -> output.head().map(head -> new Distribution.Headed(output.pooledND(), head)));
  }

  @Override
  public void close() {
    model.close();
  }
}
