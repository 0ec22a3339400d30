package dev.retort.gguf.convert;

import dev.retort.gguf.FloatRows;
import dev.retort.gguf.GgufType;
import dev.retort.gguf.GgufValue;
import dev.retort.gguf.GgufWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Which tensor of a model is stored in which type, by llama.cpp's rules: vectors stay as they are,
/// what decides the logits keeps 6 bits or more, and rows that are no whole number of blocks get
/// the next type that fits.
///
/// @param type the type of most matrices
record Quantization(GgufType type) {

  /// The version of the block formats.
  private static final int VERSION = 2;

  private static final String POSITIONS = "position_embd.weight";

  /// The tensors of `model` with their types.
  List<GgufWriter.Entry> entries(GgufModel model) {
    boolean tied = !model.tensors().containsKey(GgufModel.OUTPUT);
    List<GgufWriter.Entry> entries = new ArrayList<>();
    model
        .tensors()
        .forEach((name, rows) -> {
          boolean output = name.equals(tied ? GgufModel.TOKEN_EMBEDDING : GgufModel.OUTPUT);
          entries.add(new GgufWriter.Entry(name, typeOf(name, rows, output), rows));
        });
    return entries;
  }

  /// The metadata of `model` with what is said of the types.
  SequencedMap<String, GgufValue> metadata(GgufModel model) {
    SequencedMap<String, GgufValue> values = new LinkedHashMap<>(model.metadata().values());
    values.keySet().removeIf(key -> key.startsWith("split."));
    values.put("general.file_type", GgufValue.uint32(fileType()));
    values.put("general.quantization_version", GgufValue.uint32(VERSION));
    return values;
  }

  private GgufType typeOf(String name, FloatRows rows, boolean output) {
    if (rows.shape().size() == 1 || name.equals(POSITIONS)) {
      return GgufType.F32;
    }
    boolean few = type.blockElements() > 1 && type != GgufType.Q8_0;
    GgufType wanted = output && few ? GgufType.Q6_K : type;
    return fitting(wanted, rows.columns());
  }

  private static GgufType fitting(GgufType wanted, int columns) {
    if (wanted.fits(columns)) {
      return wanted;
    }
    return fitting(
        switch (wanted) {
          case Q4_K -> GgufType.Q5_0;
          case Q5_K -> GgufType.Q5_1;
          case Q6_K -> GgufType.Q8_0;
          default -> GgufType.F16;
        },
        columns);
  }

  /// llama.cpp's number for a file of mostly this type.
  private int fileType() {
    return switch (type) {
      case F32 -> 0;
      case F16 -> 1;
      case Q4_0 -> 2;
      case Q4_1 -> 3;
      case Q8_0 -> 7;
      case Q5_0 -> 8;
      case Q5_1 -> 9;
      case Q4_K -> 14;
      case Q5_K -> 16;
      case Q6_K -> 18;
      case BF16 -> 32;
    };
  }
}
