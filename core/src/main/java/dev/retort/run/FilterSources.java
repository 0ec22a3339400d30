package dev.retort.run;

import dev.retort.data.DataRow;
import dev.retort.data.DataRows;
import dev.retort.data.Dataset;
import dev.retort.data.Example;
import dev.retort.data.Labels;
import dev.retort.data.Place;
import dev.retort.data.TextEncoder;
import dev.retort.data.TokenizedDataset;
import dev.retort.hub.Progress;
import dev.retort.model.ModelFolder;
import dev.retort.model.ModelWeights;
import dev.retort.model.Precision;
import dev.retort.model.Predictor;
import dev.retort.model.Pretrained;
import dev.retort.model.TextClassifier;
import dev.retort.quality.FilterContext;
import dev.retort.runtime.Embedder;
import dev.retort.runtime.Tokenizer;
import dev.retort.tensor.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Where filters of a synthesis have files and vectors from.
///
/// @param folder what relative paths start from
/// @param models where embedders come from
record FilterSources(Path folder, Models models) implements FilterContext {

  private static final String STUDENT = "retort.json";
  private static final int LONGEST = 256;

  @Override
  public List<DataRow> rows(String pattern) throws IOException {
    return DataRows.read(folder, "against", pattern);
  }

  /// The vectors that an exported student gives, or an encoder in Hugging Face layout; of a text
  /// the first 256 tokens are read.
  @Override
  public float[][] vectors(String model, List<String> texts) throws IOException {
    Path own = folder.resolve(model);
    if (Files.isRegularFile(own.resolve(STUDENT))) {
      try (Embedder embedder = Embedder.open(own)) {
        return embedder.embedAll(texts).toArray(float[][]::new);
      }
    }
    Path encoder = Files.isDirectory(own) ? own : models.folder(model, Progress.none());
    return vectors(ModelFolder.read(encoder), texts);
  }

  private float[][] vectors(Pretrained model, List<String> texts) throws IOException {
    int longest = Math.min(LONGEST, model.maxLength());
    try (Scope _ = Scope.open();
        Tokenizer tokenizer = Tokenizer.open(model.tokenizer());
        TextClassifier embedder = ModelWeights.embedder(model)) {
      TokenizedDataset data =
          TokenizedDataset.of(
              dataset(texts), TextEncoder.of(tokenizer, longest), tokenizer.padId());
      return Predictor.embeddings(embedder, data, Precision.FP32);
    }
  }

  private Dataset dataset(List<String> texts) {
    List<Example> examples =
        IntStream.range(0, texts.size())
            .mapToObj(row ->
                new Example(
                    texts.get(row),
                    Optional.empty(),
                    Example.UNLABELLED,
                    new Place(folder, row + 1L)))
            .toList();
    return new Dataset("rows", examples, Labels.of(List.of()));
  }
}
