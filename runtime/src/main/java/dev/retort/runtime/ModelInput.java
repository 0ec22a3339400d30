package dev.retort.runtime;

import java.util.Arrays;
import java.util.List;

/// An ONNX input of a text model, an int64 tensor of shape `[batch, time]`.
enum ModelInput {
  INPUT_IDS("input_ids"),
  ATTENTION_MASK("attention_mask"),
  TOKEN_TYPE_IDS("token_type_ids");

  static final List<String> NAMES = Arrays.stream(values()).map(ModelInput::onnxName).toList();

  private final String onnxName;

  ModelInput(String onnxName) {
    this.onnxName = onnxName;
  }

  String onnxName() {
    return onnxName;
  }

  /// The input with this name in an ONNX graph, which must be one of [#NAMES].
  static ModelInput ofOnnxName(String name) {
    return values()[NAMES.indexOf(name)];
  }

  /// The value for one token.
  long value(Encoding encoding, int position) {
    return switch (this) {
      case INPUT_IDS -> encoding.ids()[position];
      case ATTENTION_MASK -> 1;
      case TOKEN_TYPE_IDS -> encoding.typeIds()[position];
    };
  }

  /// The value for a position that only fills up a short row.
  long filler(int padId) {
    return this == INPUT_IDS ? padId : 0;
  }
}
