package dev.retort.gguf.convert;

import dev.retort.gguf.GgufFile;
import dev.retort.gguf.GgufMetadata;
import dev.retort.gguf.GgufTensor;
import dev.retort.gguf.GgufType;
import dev.retort.gguf.GgufWriter;
import dev.retort.io.Aside;
import dev.retort.tensor.DType;
import java.io.IOException;
import java.nio.file.Path;

/// Converts decoders between GGUF and Hugging Face's layout: Llama and Mistral, Qwen 2 and 3, Gemma
/// 3, and GPT-2. Weights pass through memory row by row, and what is written is put in place when
/// it is complete.
///
/// All methods throw [dev.retort.gguf.GgufException] when a model cannot be converted whole: an
/// architecture, a tensor, a tokenizer or a setting that Retort does not know.
public final class GgufConversion {

  private GgufConversion() {}

  /// Writes the model in a GGUF file as a model folder, replacing an older one.
  ///
  /// @param gguf the file, or any of the files of a split model
  /// @param folder the folder to write
  /// @param dtype how weights are stored: `FLOAT32`, `FLOAT16` or `BFLOAT16`
  public static void toFolder(Path gguf, Path folder, DType dtype) throws IOException {
    Aside.folder(folder, aside -> fill(gguf, aside, dtype));
  }

  /// Writes the model in a GGUF file to an empty folder, for callers that put more into it before
  /// anyone may see it.
  public static void fill(Path gguf, Path folder, DType dtype) throws IOException {
    try (GgufFile file = GgufFile.open(gguf)) {
      new HuggingFaceWriter(GgufModel.of(file), dtype).write(folder);
    }
  }

  /// What [#toFolder] loses least with: the type of the token embedding if that is a plain one, and
  /// `FLOAT16` for quantized models, whose scales are halves.
  ///
  /// @param file an open GGUF file
  public static DType naturalType(GgufFile file) {
    GgufTensor embedding = file.tensors().get(GgufModel.TOKEN_EMBEDDING);
    return switch (embedding == null ? GgufType.F16 : embedding.type()) {
      case F32 -> DType.FLOAT32;
      case BF16 -> DType.BFLOAT16;
      default -> DType.FLOAT16;
    };
  }

  /// Writes the model in a folder as a GGUF file, replacing an older one.
  ///
  /// @param folder a model folder with weights in safetensors and a `tokenizer.json`
  /// @param gguf the file to write
  /// @param type the type of most matrices; vectors are stored as `F32`, and rows that are no whole
  ///   number of blocks in a larger type
  public static void toGguf(Path folder, Path gguf, GgufType type) throws IOException {
    try (SafetensorsFolder weights = SafetensorsFolder.open(folder)) {
      write(new HuggingFaceReader(folder, weights).read(), gguf, type);
    }
  }

  /// Writes a GGUF file again in another type, replacing an older file.
  public static void quantize(Path gguf, Path target, GgufType type) throws IOException {
    try (GgufFile file = GgufFile.open(gguf)) {
      write(GgufModel.of(file), target, type);
    }
  }

  /// Writes a checkpoint of llama2.c as a model folder, replacing an older one.
  ///
  /// @param checkpoint the weights in the legacy format, such as `stories260K.bin`
  /// @param tokenizer the vocabulary, such as `tok512.bin`
  public static void llama2cToFolder(Path checkpoint, Path tokenizer, Path folder, DType dtype)
      throws IOException {
    try (Llama2cFile file = Llama2cFile.open(checkpoint)) {
      HuggingFaceWriter writer = new HuggingFaceWriter(file.model(tokenizer), dtype);
      Aside.folder(folder, writer::write);
    }
  }

  /// Writes a checkpoint of llama2.c as a GGUF file, replacing an older one.
  public static void llama2cToGguf(Path checkpoint, Path tokenizer, Path gguf, GgufType type)
      throws IOException {
    try (Llama2cFile file = Llama2cFile.open(checkpoint)) {
      write(file.model(tokenizer), gguf, type);
    }
  }

  private static void write(GgufModel model, Path gguf, GgufType type) throws IOException {
    Quantization quantization = new Quantization(type);
    GgufMetadata metadata = new GgufMetadata(model.origin(), quantization.metadata(model));
    GgufWriter.write(gguf, metadata, quantization.entries(model));
  }
}
