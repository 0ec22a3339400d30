package dev.retort.compress;

import dev.retort.data.SequenceBatch;
import dev.retort.data.SequenceDataset;
import dev.retort.data.TokenSequence;
import dev.retort.model.ForwardMode;
import dev.retort.model.NetworkOutput;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// Texts for tiny language models of 96 tokens, 32 wide, and changes to them.
final class Decoders {

  private Decoders() {}

  /// Texts of 3 to 12 random tokens.
  static SequenceDataset texts(int count, long seed) {
    return new SequenceDataset(
        IntStream.range(0, count).mapToObj(row -> text(new Random(seed * count + row))).toList());
  }

  private static TokenSequence text(Random random) {
    return TokenSequence.whole(random.ints(3 + random.nextInt(10), 3, 96).toArray());
  }

  /// The logits after every token of `texts` that another one follows.
  static float[][] logits(CausalLanguageModel model, SequenceDataset texts) {
    SequenceBatch batch = texts.batch(IntStream.range(0, texts.size()).toArray());
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      NetworkOutput output = model.forward(batch, ForwardMode.EVALUATE);
      return output.head().orElseThrow().logits(output.pooledND()).toFloatRows();
    }
  }

  /// Changes the rows of the matrix, or the only row of the vector, that is called `name`.
  static void edit(CausalLanguageModel model, String name, Consumer<float[][]> change) {
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      Tensor tensor = model.parameters().get(name);
      float[][] rows =
          tensor.rank() == 1 ? new float[][] {tensor.toFloats()} : tensor.toFloatRows();
      change.accept(rows);
      tensor.detach().setInPlace(Tensors.of(rows).reshape(tensor.shape()));
    }
  }

  /// Lets outputs of a module, which may have a bias, be zero.
  static void mute(CausalLanguageModel model, String module, Set<Integer> outputs) {
    edit(model, module + ".weight", rows -> outputs.forEach(row -> Arrays.fill(rows[row], 0)));
    String bias = module + ".bias";
    if (model.parameters().find(bias).isPresent()) {
      edit(model, bias, rows -> outputs.forEach(output -> rows[0][output] = 0));
    }
  }
}
