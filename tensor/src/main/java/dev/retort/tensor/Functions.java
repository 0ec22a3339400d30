package dev.retort.tensor;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.StringViewOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// The differentiable functions that neural networks are made of.
public final class Functions {

  private Functions() {}

  /// `x Wᵀ + b`: `x` is `[…, in]`, `weight` is `[out, in]`, `bias` is `[out]`.
  public static Tensor linear(Tensor x, Tensor weight, Optional<Tensor> bias) {
    return new Tensor(torch.linear(x.handle(), weight.handle(), optional(bias)));
  }

  /// The rows of `weight` `[V, D]` that `ids` (`INT64`, any shape) names, `[…, D]`.
  public static Tensor embedding(Tensor weight, Tensor ids) {
    return new Tensor(torch.embedding(weight.handle(), ids.handle()));
  }

  /// As [#embedding], for a parameter of which each batch uses few rows: its gradient is gathered
  /// for the rows that `ids` names, not for the whole table.
  public static Tensor lookup(Tensor weight, Tensor ids) {
    return new Tensor(torch.embedding(weight.handle(), ids.handle(), -1, false, true));
  }

  /// `x / ‖x‖` along the last dimension; a vector of zeros stays one.
  public static Tensor normalize(Tensor x) {
    return x.dividedBy(x.square().sum(-1, true).atLeast(1e-24).squareRoot());
  }

  /// `(x − mean) / √(variance + epsilon) · weight + bias` over the last dimension.
  public static Tensor layerNorm(Tensor x, Tensor weight, Tensor bias, double epsilon) {
    return new Tensor(
        torch.layer_norm(
            x.handle(),
            new long[] {x.size(-1)},
            new TensorOptional(weight.handle()),
            new TensorOptional(bias.handle()),
            epsilon,
            false));
  }

  /// `x / √(mean x² + epsilon) · weight` over the last dimension.
  public static Tensor rmsNorm(Tensor x, Tensor weight, double epsilon) {
    return new Tensor(
        torch.rms_norm(
            x.handle(),
            new long[] {x.size(-1)},
            new TensorOptional(weight.handle()),
            new DoubleOptional(epsilon)));
  }

  /// `x · σ(x)`.
  public static Tensor silu(Tensor x) {
    return new Tensor(torch.silu(x.handle()));
  }

  /// `x` cut into parts of these sizes along dimension `dim`, over the same memory.
  public static List<Tensor> split(Tensor x, long[] sizes, int dim) {
    return Arrays.stream(torch.split_with_sizes(x.handle(), sizes, dim).get())
        .map(Tensor::new)
        .toList();
  }

  /// `x · Φ(x)` with the exact error function.
  public static Tensor gelu(Tensor x) {
    return new Tensor(torch.gelu(x.handle()));
  }

  /// The tanh approximation of [#gelu].
  public static Tensor geluTanh(Tensor x) {
    return new Tensor(torch.gelu(x.handle(), "tanh"));
  }

  /// `max(x, 0)`.
  public static Tensor relu(Tensor x) {
    return new Tensor(x.handle().relu());
  }

  /// The hyperbolic tangent.
  public static Tensor tanh(Tensor x) {
    return new Tensor(x.handle().tanh());
  }

  /// Softmax over dimension `dim`, computed and returned in the type of `x`.
  public static Tensor softmax(Tensor x, int dim) {
    return new Tensor(torch.softmax(x.handle(), dim, new ScalarTypeOptional()));
  }

  /// Log-softmax over dimension `dim`, computed and returned in the type of `x`.
  public static Tensor logSoftmax(Tensor x, int dim) {
    return new Tensor(torch.log_softmax(x.handle(), dim, new ScalarTypeOptional()));
  }

  /// `log Σ eˣ` over dimension `dim`, which stays with length 1 if `keepDim`.
  public static Tensor logSumExp(Tensor x, int dim, boolean keepDim) {
    return new Tensor(torch.logsumexp(x.handle(), new long[] {dim}, keepDim));
  }

  /// `log(eᵃ + eᵇ)`, element by element.
  public static Tensor logAddExp(Tensor a, Tensor b) {
    return new Tensor(a.handle().logaddexp(b.handle()));
  }

  /// The elements of `x` along dimension `dim` in descending order.
  public static Tensor sortDescending(Tensor x, int dim) {
    return new Tensor(x.handle().sort(dim, true).get0());
  }

  /// The indices that sort the elements of `x` along dimension `dim` in descending order; equal
  /// elements keep theirs. `INT64`.
  public static Tensor orderDescending(Tensor x, int dim) {
    return new Tensor(x.handle().argsort(true, dim, true));
  }

  /// The indices of the `k` greatest elements of `x` along dimension `dim`, the greatest first.
  /// `INT64`.
  public static Tensor indicesOfGreatest(Tensor x, long k, int dim) {
    return new Tensor(torch.topk(x.handle(), k, dim, true, true).get1());
  }

  /// How many elements of a row of `ascendingNV` are at most each of the same row of `xNK`: where
  /// it would be inserted. `INT64`.
  public static Tensor countAtMost(Tensor ascendingNV, Tensor xNK) {
    return new Tensor(
        torch.searchsorted(
            ascendingNV.handle(),
            xNK.handle(),
            false,
            true,
            new StringViewOptional(),
            new TensorOptional()));
  }

  /// Rows of zeros with a one at each of `indices` (`INT64`, not negative), `[…, classes]`,
  /// `INT64`.
  public static Tensor oneHot(Tensor indices, long classes) {
    return new Tensor(torch.one_hot(indices.handle(), classes));
  }

  /// Zeroes each element with `probability` and scales the rest by `1 / (1 − probability)`; without
  /// keys, which is outside training, `x`.
  public static Tensor dropout(Tensor x, double probability, Optional<DropoutKeys> keys) {
    if (keys.isEmpty() || probability == 0) {
      return x;
    }
    return x.device().equals(Device.CPU)
        ? x.times(DropoutFactors.of(x, probability, keys.get().next()))
        : new Tensor(torch.dropout(x.handle(), probability, true));
  }

  /// Fused `softmax(q kᵀ / √d + bias) v` in one pass, without attention maps and dropout.
  ///
  /// `query`, `key` and `value` are `[B, H, T, d]`, `biasB11T` broadcasts to `[B, H, T, T]`. Only
  /// for `FLOAT32` on the processor: the `BFLOAT16` kernel of this libtorch is tens of times slower
  /// than two matrix products.
  public static Tensor attention(Tensor query, Tensor key, Tensor value, Tensor biasB11T) {
    return new Tensor(
        torch.scaled_dot_product_attention(
            query.handle(),
            key.handle(),
            value.handle(),
            new TensorOptional(biasB11T.handle()),
            0,
            false,
            new DoubleOptional(),
            false));
  }

  /// Runs the chain rule from several outputs at once, each weighted by the gradient that flows
  /// into it: `Σᵢ gradientᵢ · ∂outputᵢ`. Shared history is walked once.
  public static void backward(List<Tensor> outputs, List<Tensor> gradients) {
    torch.backward(
        Tensors.vector(outputs),
        Tensors.vector(gradients),
        new BoolOptional(false),
        false,
        new TensorVector());
  }

  private static TensorOptional optional(Optional<Tensor> tensor) {
    return tensor.map(t -> new TensorOptional(t.handle())).orElseGet(TensorOptional::new);
  }
}
