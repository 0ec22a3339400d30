package dev.retort.train;

import static dev.retort.train.LanguageModelTrainingTest.DATA;
import static dev.retort.train.LanguageModelTrainingTest.KL;
import static dev.retort.train.LanguageModelTrainingTest.job;
import static dev.retort.train.LanguageModelTrainingTest.train;
import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.data.SequenceBatch;
import dev.retort.model.Precision;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.model.decoder.GoldenDecoders;
import dev.retort.model.decoder.Lora;
import dev.retort.signal.Need;
import dev.retort.teacher.LocalTeacher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Language models of which adapters alone are trained.
class AdapterTrainingTest {

  @TempDir Path folder;

  /// Adapters alone change; a run that was interrupted ends with the same ones.
  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "llama"})
  void adaptersLearnBesideFrozenWeights(String family) throws IOException {
    Lora lora = new Lora(4, 8, List.of());
    try (CausalLanguageModel teacher = GoldenDecoders.model(family);
        CausalLanguageModel base = teacher.withLayers(List.of(0, 2));
        CausalLanguageModel student = base.adapted(lora, Precision.FP32, 1);
        CausalLanguageModel other = base.adapted(lora, Precision.FP32, 1);
        CausalLanguageModel again = base.adapted(lora, Precision.FP32, 1)) {
      LocalTeacher<SequenceBatch> asked = LanguageModelTrainingTest.teacher(teacher);
      LossScore<SequenceBatch> score =
          new LossScore<>(DATA, asked, Set.of(Need.DISTRIBUTION), KL, Precision.FP32);
      double before = score.score(student);
      Map<String, float[]> frozen = values(base);

      train(job(student, asked, KL, 30), folder.resolve("whole"), Integer.MAX_VALUE);

      assertThat(score.score(student)).isGreaterThan(before / 2);
      assertThat(values(base)).usingRecursiveComparison().isEqualTo(frozen);
      assertThat(values(student).keySet()).allMatch(name -> name.contains(".lora_"));
      train(job(other, asked, KL, 30), folder.resolve("parts"), 20);
      train(job(again, asked, KL, 30), folder.resolve("parts"), Integer.MAX_VALUE);
      assertThat(values(again)).usingRecursiveComparison().isEqualTo(values(student));
    }
  }

  private static Map<String, float[]> values(CausalLanguageModel model) {
    Map<String, float[]> values = new LinkedHashMap<>();
    model.parameters().byName().forEach((name, tensor) -> values.put(name, tensor.toFloats()));
    return values;
  }
}
