package dev.retort.gguf.convert;

import dev.retort.gguf.FloatRows;
import dev.retort.gguf.convert.DecoderShape.Attention;

/// What llama.cpp changes in the values of a tensor when it takes it from Hugging Face's layout.
enum TensorLayout {
  /// Nothing.
  SAME,
  /// The rows of a query projection: llama.cpp's rotary embedding turns neighbours, that of Hugging
  /// Face turns halves of a head.
  QUERY,
  /// The rows of a key projection, likewise.
  KEY,
  /// Gemma's norms multiply by one more than their weight; llama.cpp stores the sum.
  ONE_MORE,
  /// GPT-2's matrices are stored with a column per output; llama.cpp has a row per output.
  TRANSPOSED;

  /// The layout of a weight or a bias under this rule.
  TensorLayout of(String suffix) {
    return this == TRANSPOSED && suffix.equals("bias") ? SAME : this;
  }

  /// The tensor as llama.cpp has it.
  FloatRows toGguf(FloatRows rows, Attention attention) {
    return switch (this) {
      case SAME -> rows;
      case QUERY -> new ReorderedRows(rows, attention.heads(), ReorderedRows.Order.NEIGHBOURS);
      case KEY ->
          new ReorderedRows(rows, attention.keyValueHeads(), ReorderedRows.Order.NEIGHBOURS);
      case ONE_MORE -> new ShiftedRows(rows, 1);
      case TRANSPOSED -> new TransposedRows(rows);
    };
  }

  /// The tensor as Hugging Face has it.
  FloatRows toHuggingFace(FloatRows rows, Attention attention) {
    return switch (this) {
      case SAME -> rows;
      case QUERY -> new ReorderedRows(rows, attention.heads(), ReorderedRows.Order.HALVES);
      case KEY -> new ReorderedRows(rows, attention.keyValueHeads(), ReorderedRows.Order.HALVES);
      case ONE_MORE -> new ShiftedRows(rows, -1);
      case TRANSPOSED -> new TransposedRows(rows);
    };
  }
}
