package dev.retort.export;

import dev.retort.export.OnnxGraph.Operator;
import dev.retort.export.OnnxGraph.Value;
import dev.retort.tensor.RawTensor;
import dev.retort.tensor.Tensor;

/// How the matrices of an encoder lie in an ONNX file, and how they are multiplied.
sealed interface MatrixFormat {

  /// `x Wᵀ + b`: `x` is `[…, in]`, `weight` is `[out, in]`, `bias` is `[out]`. The trained numbers
  /// are named after `name`.
  Value linear(String name, Value x, Tensor weight, Tensor bias);

  /// The rows of `table` `[V, D]` that `ids` name, `[…, D]`.
  Value rows(String name, Tensor table, Value ids);

  /// Adds matrices to `graph` in this precision.
  static MatrixFormat of(OnnxPrecision precision, OnnxGraph graph) {
    return switch (precision) {
      case FP32 -> new Float32(graph);
      case INT8 -> new Int8(graph);
    };
  }

  /// The student's own numbers.
  ///
  /// @param graph where they go
  record Float32(OnnxGraph graph) implements MatrixFormat {

    @Override
    public Value linear(String name, Value x, Tensor weight, Tensor bias) {
      Value matrix = graph.weight(name + ".weight", weight.transpose(0, 1));
      return graph.apply(
          "Add", graph.apply("MatMul", x, matrix), graph.weight(name + ".bias", bias));
    }

    @Override
    public Value rows(String name, Tensor table, Value ids) {
      return graph.apply("Gather", graph.weight(name, table), ids);
    }
  }

  /// 8-bit integers with a scale per row of `W`, that is per output, and per row of a table.
  ///
  /// Activations become unsigned 8-bit integers while the model runs, with one scale and zero point
  /// for the whole tensor, and the integer product is scaled back. ONNX Runtime fuses these nodes
  /// into one.
  ///
  /// Weights use the full range of ±127: unsigned weights, which no processor overflows on, are 1.7
  /// times slower where there are VNNI instructions, and half the range costs a bit of accuracy
  /// everywhere. x86 processors older than VNNI add two products in 16 bits, which can overflow;
  /// there a session sets `session.x64quantprecision` to `1`, which changes nothing elsewhere.
  ///
  /// @param graph where they go
  record Int8(OnnxGraph graph) implements MatrixFormat {

    private static final long FLOAT = 1;

    @Override
    public Value linear(String name, Value x, Tensor weight, Tensor bias) {
      long out = weight.size(0);
      long in = weight.size(1);
      Int8Matrix quantized = quantize(name + ".weight", weight);
      Value matrix = graph.weight(name + ".weight", quantized.transposed(), in, out);
      Value scales =
          graph.weight(name + ".weight.scale", RawTensor.floats(quantized.scales(), out));
      var activation = graph.apply(Operator.of("DynamicQuantizeLinear"), 3, x);
      Value product = graph.apply("MatMulInteger", activation.get(0), matrix, activation.get(2));
      Value scale = graph.apply("Mul", activation.get(1), scales);
      Value scaled = graph.apply("Mul", toFloat(product), scale);
      return graph.apply("Add", scaled, graph.weight(name + ".bias", bias));
    }

    @Override
    public Value rows(String name, Tensor table, Value ids) {
      Int8Matrix quantized = quantize(name, table);
      Value integers = graph.weight(name, quantized.values(), table.size(0), table.size(1));
      Value scales =
          graph.weight(name + ".scale", RawTensor.floats(quantized.scales(), table.size(0), 1));
      return graph.apply(
          "Mul", toFloat(graph.apply("Gather", integers, ids)), graph.apply("Gather", scales, ids));
    }

    private Value toFloat(Value integers) {
      return graph.apply(Operator.of("Cast").with("to", FLOAT), integers);
    }

    private static Int8Matrix quantize(String name, Tensor matrix) {
      try {
        return Int8Matrix.quantize(matrix.toFloats(), Math.toIntExact(matrix.size(1)));
      } catch (IllegalArgumentException e) {
        throw new ExportException(
            "%s cannot be quantized: %s. The training diverged; train again with a smaller learning rate"
                .formatted(name, e.getMessage()),
            e);
      }
    }
  }
}
