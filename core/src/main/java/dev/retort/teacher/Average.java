package dev.retort.teacher;

import dev.retort.signal.Distribution;
import dev.retort.signal.Need;
import dev.retort.tensor.Tensor;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// What is averaged of several teachers.
public enum Average {
  /// `Σₘ w(m) · softmax(t(m)/T)`, at whatever temperature it is used.
  PROBABILITIES {
    @Override
    Distribution of(List<Tensor> logitsNV, Tensor weightsNM) {
      return new Distribution.Mixture(logitsNV, weightsNM);
    }

    @Override
    Set<Need> offers() {
      return EnumSet.of(Need.DISTRIBUTION);
    }
  },
  /// `Σₘ w(m) · t(m)`.
  LOGITS {
    @Override
    Distribution of(List<Tensor> logitsNV, Tensor weightsNM) {
      return new Distribution.Dense(
          IntStream.range(0, logitsNV.size())
              .mapToObj(m -> logitsNV.get(m).times(weightsNM.narrow(-1, m, 1)))
              .reduce(Tensor::plus)
              .orElseThrow());
    }

    @Override
    Set<Need> offers() {
      return EnumSet.of(Need.DISTRIBUTION, Need.LOGITS);
    }
  };

  /// The average of these logits, `[N, V]` each, by weights `[N, M]` whose rows add up to 1.
  abstract Distribution of(List<Tensor> logitsNV, Tensor weightsNM);

  /// What such an average can say.
  abstract Set<Need> offers();
}
