package dev.retort.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableAdamWTest {

  private static final int ROWS = 7;
  private static final int WIDTH = 5;

  /// Rows 1 and 6 come late, row 4 once, row 5 never.
  private static final List<long[]> LOOKED_UP =
      List.of(
          new long[] {0, 2, 2, 4}, new long[] {2, 3}, new long[] {6, 0, 0}, new long[] {1, 2, 6});

  private final Tensor start = start();

  private static Tensor start() {
    Seed.set(5);
    return Tensors.normal(0, 1, ROWS, WIDTH);
  }

  /// Without decay nothing moves a row that no gradient has reached: all rows are the plain twin's.
  @Test
  void equalsAdamWWithoutDecay() {
    assertThat(byRows(0).toFloats()).containsExactly(whole(0).toFloats(), within(1e-6f));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 3, 4})
  void equalsAdamWOnARowOnceItIsReached(int row) {
    // Rows reached in the first step decay in all steps; later ones miss what came before.
    float[] expected = whole(0.1).select(0, row).toFloats();
    boolean early = row != 3;
    if (early) {
      assertThat(byRows(0.1).select(0, row).toFloats()).containsExactly(expected, within(1e-6f));
    } else {
      float[] undecayed = byRows(0.1).select(0, row).toFloats();
      for (int i = 0; i < WIDTH; i++) {
        assertThat((double) undecayed[i]).isNotCloseTo(expected[i], within(1e-6));
        assertThat((double) undecayed[i]).isCloseTo(expected[i], within(0.02));
      }
    }
  }

  @Test
  void leavesARowAloneThatNoGradientReaches() {
    float[] before = start.select(0, 5).toFloats();

    assertThat(byRows(0.1).select(0, 5).toFloats()).containsExactly(before);
    assertThat(whole(0.1).select(0, 5).toFloats()).isNotEqualTo(before);
  }

  /// A table that is also a head has a gradient everywhere.
  @Test
  void aDenseGradientReachesAllRows() {
    Tensor tied = start.copy().requiresGrad();
    Tensor plain = start.copy().requiresGrad();
    try (TableAdamW byRows = new TableAdamW(named(tied), AdamW.Settings.withWeightDecay(0.1));
        AdamW whole = new AdamW(named(plain), AdamW.Settings.withWeightDecay(0.1))) {
      for (Tensor table : List.of(tied, plain)) {
        Tensor rows = Functions.lookup(table, Tensors.of(new long[] {1, 2}, 2));
        rows.matmul(table.transpose(0, 1)).square().sum().backward();
      }
      byRows.step(0.01);
      whole.step(0.01);
    }
    assertThat(tied.toFloats()).containsExactly(plain.toFloats(), within(1e-6f));
  }

  /// Whoever continues from a copied state does the same, to the bit.
  @Test
  void theStateIsAllThatTheNextStepDependsOn() {
    Tensor straight = start.copy().requiresGrad();
    Tensor resumed = start.copy().requiresGrad();
    AdamW.Settings settings = AdamW.Settings.withWeightDecay(0.1);
    try (TableAdamW first = new TableAdamW(named(straight), settings);
        TableAdamW second = new TableAdamW(named(resumed), settings)) {
      step(first, straight, LOOKED_UP.get(0));
      resumed.detach().setInPlace(straight.detach());
      List<Tensor> saved = List.copyOf(first.state().values());
      List<Tensor> loaded = List.copyOf(second.state().values());
      for (int i = 0; i < saved.size(); i++) {
        loaded.get(i).setInPlace(saved.get(i));
      }

      step(first, straight, LOOKED_UP.get(1));
      step(second, resumed, LOOKED_UP.get(1));
    }
    assertThat(resumed.toFloats()).containsExactly(straight.toFloats());
  }

  private Tensor byRows(double decay) {
    Tensor table = start.copy().requiresGrad();
    try (TableAdamW optimizer =
        new TableAdamW(named(table), AdamW.Settings.withWeightDecay(decay))) {
      LOOKED_UP.forEach(ids -> step(optimizer, table, ids));
    }
    return table.detach();
  }

  private static void step(TableAdamW optimizer, Tensor table, long[] ids) {
    loss(Functions.lookup(table, Tensors.of(ids, ids.length))).backward();
    optimizer.step(0.01);
    Gradients.drop(List.of(table));
  }

  private Tensor whole(double decay) {
    Tensor table = start.copy().requiresGrad();
    try (AdamW optimizer = new AdamW(named(table), AdamW.Settings.withWeightDecay(decay))) {
      for (long[] ids : LOOKED_UP) {
        loss(Functions.embedding(table, Tensors.of(ids, ids.length))).backward();
        optimizer.step(0.01);
        Gradients.drop(List.of(table));
      }
    }
    return table.detach();
  }

  private static Tensor loss(Tensor rows) {
    return rows.times(rows).times(rows).sum();
  }

  private static SequencedMap<String, Tensor> named(Tensor table) {
    SequencedMap<String, Tensor> tables = new LinkedHashMap<>();
    tables.put("table", table);
    return tables;
  }
}
