package dev.retort.model.decoder;

import dev.retort.data.SequenceBatch;
import dev.retort.tensor.SafetensorsFile;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensors;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;

/// The tiny checkpoints with what transformers computes for them.
public final class GoldenDecoders {

  private static final int SEQUENCES = 3;

  private GoldenDecoders() {}

  static Path folder(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(GoldenDecoders.class.getResource("/decoders/" + name)).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(name, e);
    }
  }

  static DecoderConfig config(Path folder) throws IOException {
    var json = JsonMapper.shared().readTree(Files.readString(folder.resolve("config.json")));
    return DecoderFamily.ofModelType(json.path("model_type").asString()).orElseThrow().read(json);
  }

  /// One of them.
  public static CausalLanguageModel model(String name) throws IOException {
    return model(folder(name));
  }

  static CausalLanguageModel model(Path folder) throws IOException {
    DecoderConfig config = config(folder);
    return new CausalLanguageModel(config, DecoderWeights.read(folder, config));
  }

  static SafetensorsFile expected(String name) throws IOException {
    return SafetensorsFile.open(folder(name).resolve("expected.safetensors"));
  }

  static List<long[]> sequences(SafetensorsFile expected) {
    List<long[]> sequences = new ArrayList<>();
    for (int i = 0; i < SEQUENCES; i++) {
      sequences.add(longs(expected, "ids." + i));
    }
    return sequences;
  }

  static long[] longs(SafetensorsFile expected, String name) {
    try (Scope _ = Scope.open()) {
      double[] values =
          Tensors.of(expected.get(name)).to(dev.retort.tensor.DType.FLOAT64).toDoubles();
      return Arrays.stream(values).mapToLong(value -> (long) value).toArray();
    }
  }

  /// A batch of some of the sequences, of which every next token counts.
  static SequenceBatch batch(List<long[]> sequences, int[] order) {
    long[] ids =
        Arrays.stream(order).mapToObj(sequences::get).flatMapToLong(Arrays::stream).toArray();
    long[] lengths = Arrays.stream(order).mapToLong(row -> sequences.get(row).length).toArray();
    List<Long> positions = new ArrayList<>();
    long next = 0;
    for (long length : lengths) {
      for (long place = 0; place < length - 1; place++) {
        positions.add(next + place);
      }
      next += length;
    }
    long[] counted = positions.stream().mapToLong(Long::longValue).toArray();
    int[] labels =
        IntStream.range(0, counted.length)
            .map(i -> Math.toIntExact(ids[Math.toIntExact(counted[i]) + 1]))
            .toArray();
    return new SequenceBatch(order, ids, lengths, counted, labels);
  }
}
