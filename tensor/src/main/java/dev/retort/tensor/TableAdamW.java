package dev.retort.tensor;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// [AdamW] for embedding tables: it moves the rows that a gradient has reached so far, and only
/// them.
///
/// AdamW leaves a parameter alone that no gradient has reached. Here that rule holds for each row:
/// a token that no training text uses keeps what pre-training gave it, where AdamW over the whole
/// table would let weight decay shrink it. On the rows reached, the two agree. A step costs what
/// the vocabulary of the data costs, often a tenth of the table.
public final class TableAdamW implements AutoCloseable {

  /// A table, or some rows of it.
  private record Rows(Tensor parameterRD, Tensor firstMomentRD, Tensor secondMomentRD) {

    Rows select(Tensor indices) {
      return new Rows(
          parameterRD.indexSelect(0, indices),
          firstMomentRD.indexSelect(0, indices),
          secondMomentRD.indexSelect(0, indices));
    }

    void set(Tensor indices, Rows rows) {
      parameterRD.setRowsInPlace(indices, rows.parameterRD);
      firstMomentRD.setRowsInPlace(indices, rows.firstMomentRD);
      secondMomentRD.setRowsInPlace(indices, rows.secondMomentRD);
    }
  }

  /// @param reachedV 1 for rows that a gradient has reached, else 0, `INT64`
  private record State(Rows table, Tensor step, Tensor reachedV) {}

  private final SequencedMap<String, State> states = new LinkedHashMap<>();
  private final AdamW.Settings settings;

  /// An optimizer of named matrices; the names are those of [#state].
  public TableAdamW(SequencedMap<String, Tensor> tables, AdamW.Settings settings) {
    this.settings = settings;
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      tables.forEach((name, table) -> states.put(name, fresh(table)));
    }
  }

  private static State fresh(Tensor table) {
    return new State(
        new Rows(
            table,
            Tensors.zerosLike(table.detach()).keep(),
            Tensors.zerosLike(table.detach()).keep()),
        Tensors.scalar(0).keep(),
        Tensors.zeros(table.size(0)).to(DType.INT64).keep());
  }

  /// Moves the rows reached so far by one step of size `learningRate`.
  public void step(double learningRate) {
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      for (State state : states.values()) {
        if (state.table().parameterRD().hasGrad()) {
          state.step().addInPlace(Tensors.scalar(1));
          move(state, learningRate);
        }
      }
    }
  }

  private void move(State state, double learningRate) {
    switch (Gradient.of(state.table().parameterRD())) {
      case Gradient.Dense(Tensor gradientVD) -> {
        state.reachedV().setInPlace(Tensors.scalar(1));
        apply(state.table(), gradientVD, state.step(), learningRate);
      }
      case Gradient.OfRows gradient -> move(state, gradient, learningRate);
    }
  }

  private void move(State state, Gradient.OfRows gradient, double learningRate) {
    Tensor named = gradient.indices();
    state.reachedV().setRowsInPlace(named, Tensors.onesLike(named));
    Tensor reached = state.reachedV().indicesOfNonZero();
    Tensor placesV = state.reachedV().cumulativeSum(0).plus(-1L);
    Rows rows = state.table().select(reached);
    Tensor gradientRD = Tensors.zerosLike(rows.parameterRD());
    gradientRD.setRowsInPlace(placesV.indexSelect(0, named), gradient.values());
    apply(rows, gradientRD, state.step(), learningRate);
    state.table().set(reached, rows);
  }

  private void apply(Rows rows, Tensor gradientRD, Tensor step, double learningRate) {
    FusedAdamW.apply(
        new FusedAdamW.Group(
            List.of(rows.parameterRD()),
            List.of(gradientRD),
            List.of(rows.firstMomentRD()),
            List.of(rows.secondMomentRD()),
            List.of(step)),
        learningRate,
        settings);
  }

  /// The state that a checkpoint must hold: `NAME.firstMoment`, `NAME.secondMoment`, `NAME.step`
  /// and `NAME.reached`.
  public SequencedMap<String, Tensor> state() {
    SequencedMap<String, Tensor> all = new LinkedHashMap<>();
    states.forEach((name, state) -> {
      all.put(name + ".firstMoment", state.table().firstMomentRD());
      all.put(name + ".secondMoment", state.table().secondMomentRD());
      all.put(name + ".step", state.step());
      all.put(name + ".reached", state.reachedV());
    });
    return all;
  }

  @Override
  public void close() {
    state().values().forEach(Tensor::close);
  }
}
