package dev.retort.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.data.TokenizedDataset;
import dev.retort.model.ModelFolder;
import dev.retort.model.ModelWeights;
import dev.retort.model.Precision;
import dev.retort.model.TextClassifier;
import dev.retort.recipe.Recipe;
import dev.retort.runtime.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinearProbeTest {

  @TempDir Path root;

  @Test
  void fitsTheHeadAndLeavesTheEncoderAlone() throws IOException {
    TinyRun tiny = TinyRun.in(root);
    Recipe recipe = tiny.recipe();
    var pretrained = ModelFolder.read(root.resolve("model"));
    try (Tokenizer tokenizer = Tokenizer.open(pretrained.tokenizer())) {
      TokenizedDataset train = RunData.of(CheckedData.read(recipe, root), tokenizer, 24).train();
      try (TextClassifier model =
          ModelWeights.withNewHead(pretrained, train.dataset().labels().names(), 1)) {
        String query = "encoder.layer.0.attention.self.query.weight";
        float[] before = model.parameters().get(query).toFloats();
        double random = Scoring.accuracy(model, train, Precision.FP32);

        LinearProbe.fit(model, train, Precision.FP32);

        // The vectors of a random encoder still tell which word stands in the text.
        assertThat(Scoring.accuracy(model, train, Precision.FP32))
            .isGreaterThan(0.6)
            .isGreaterThan(random + 0.2);
        assertThat(model.parameters().get(query).toFloats()).containsExactly(before);
      }
    }
  }
}
