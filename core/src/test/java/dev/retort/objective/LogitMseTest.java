package dev.retort.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retort.signal.Distribution;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LogitMseTest implements RowObjectiveContract {

  @Override
  public RowObjective objective() {
    return new LogitMse();
  }

  /// Hinton et al. 2015, equation 4.
  @Test
  void isForwardKlAtAHighTemperature() {
    Rows rows = RowObjectiveContract.rows(RowObjectiveContract.logits(1), 2);

    assertThat(objective().sum(rows).item())
        .isCloseTo(new ForwardKl(10_000).sum(rows).item(), within(1e-2));
  }

  @Test
  void refusesATeacherThatNamesSomeEntriesOnly() {
    Tensor logits = Tensors.of(RowObjectiveContract.logits(1), N, V);
    Tensor ids = Tensors.of(new long[N], N, 1);
    Rows rows =
        new Rows(
            logits,
            Optional.of(new Distribution.TopK(ids, logits.gather(-1, ids), 1)),
            Tensors.of(RowObjectiveContract.labels(), N));

    assertThatThrownBy(() -> objective().sum(rows))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("every logit");
  }
}
