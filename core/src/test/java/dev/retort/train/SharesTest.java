package dev.retort.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SharesTest {

  @Test
  void sharesAreOfAboutEqualSize() {
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("words", Tensors.zeros(100));
    tensors.put("a", Tensors.zeros(4));
    tensors.put("b", Tensors.zeros(7));
    tensors.put("c", Tensors.zeros(2));
    tensors.put("d", Tensors.zeros(2));

    List<SequencedMap<String, Tensor>> shares = Shares.of(tensors, Set.of("words"), 2);

    assertThat(shares.get(0)).containsOnlyKeys("b", "words");
    assertThat(shares.get(1)).containsOnlyKeys("a", "c", "d");
  }

  @Test
  void fewTensorsLeaveSharesEmpty() {
    SequencedMap<String, Tensor> one = new LinkedHashMap<>();
    one.put("a", Tensors.zeros(4));

    assertThat(Shares.of(one, Set.of(), 2)).extracting(SequencedMap::size).containsExactly(1, 0);
  }
}
