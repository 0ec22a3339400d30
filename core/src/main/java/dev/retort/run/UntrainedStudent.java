package dev.retort.run;

import dev.retort.compress.WidthPruning;
import dev.retort.data.TextBatch;
import dev.retort.data.TokenizedDataset;
import dev.retort.model.EncoderConfig;
import dev.retort.model.ModelWeights;
import dev.retort.model.Network;
import dev.retort.model.RandomWeights;
import dev.retort.model.TextClassifier;
import dev.retort.model.table.StaticSettings;
import dev.retort.model.table.StaticSettings.Frequencies;
import dev.retort.model.table.StaticStudent;
import dev.retort.model.table.TokenTable;
import dev.retort.recipe.Plan;
import dev.retort.recipe.StudentOrigin;
import dev.retort.recipe.TableSettings;
import dev.retort.recipe.Task;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Makes the student of a plan as it is before training: cut from a model, or from nothing.
///
/// @param plan what was asked for
/// @param data what is learnt from, as the student reads it
/// @param teacher the weights of who knows the task, if they are here
record UntrainedStudent(Plan plan, RunData data, Optional<TextClassifier> teacher) {

  /// Texts by which it is judged what of a model's width matters.
  private static final int CALIBRATION_TEXTS = 512;

  /// The student with its first weights from `origin`; the caller owns it.
  Network<TextBatch> from(StudentOrigin origin) throws IOException {
    long seed = plan.recipe().train().seed();
    return switch (origin) {
      case StudentOrigin.Teacher _ -> cut(taught());
      case StudentOrigin.Pretrained _, StudentOrigin.Model _ -> {
        try (TextClassifier whole = whole(seed)) {
          yield cut(whole);
        }
      }
      case StudentOrigin.Static(boolean taught) -> table(taught);
      case StudentOrigin.Scratch _ ->
          RandomWeights.classifier(
              plan.student(),
              embeds() ? plan.source().embedding() : plan.source().defaultHead(),
              data.labels(),
              seed);
    };
  }

  /// The teacher that the student is cut from; a plan without its weights asks for no such student.
  private TextClassifier taught() {
    return teacher.orElseThrow();
  }

  private boolean embeds() {
    return plan.recipe().task() == Task.EMBEDDING;
  }

  private TextClassifier whole(long seed) throws IOException {
    return embeds()
        ? ModelWeights.embedder(plan.source())
        : ModelWeights.withNewHead(plan.source(), data.labels(), seed);
  }

  private StaticStudent table(boolean taught) throws IOException {
    if (taught) {
      return over(taught());
    }
    try (TextClassifier before = whole(plan.recipe().train().seed())) {
      return over(before);
    }
  }

  private StaticStudent over(TextClassifier model) throws IOException {
    TableSettings settings = plan.recipe().student().tableIfStatic().orElseThrow();
    StaticSettings distillation =
        new StaticSettings(
            settings.dimensions(),
            settings.smoothing(),
            switch (settings.frequencies()) {
              case VOCABULARY -> new Frequencies.OfVocabulary();
              case DATA -> new Frequencies.Counted(counts());
            },
            plan.recipe().train().precision());
    try (TokenTable table =
        TokenTable.distil(model, plan.teacher().tokenizer(), distillation, _ -> {})) {
      return StaticStudent.over(
          table, data.labels(), settings.train(), plan.recipe().train().seed());
    }
  }

  /// How often each token occurs in the training texts, by its id.
  private long[] counts() {
    long[] counts = new long[plan.teacher().config().vocabularySize()];
    for (int row = 0; row < data.train().size(); row++) {
      for (long id : data.train().batch(row).ids()) {
        counts[(int) id]++;
      }
    }
    return counts;
  }

  private TextClassifier cut(TextClassifier whole) {
    EncoderConfig from = whole.config();
    EncoderConfig to = plan.student();
    List<Integer> layers = plan.recipe().student().layersOf(from);
    if (to.hiddenSize() == from.hiddenSize() && to.intermediateSize() == from.intermediateSize()) {
      return whole.withLayers(layers);
    }
    try (TextClassifier narrow =
        WidthPruning.of(whole, calibration())
            .narrowed(to.hiddenSize(), to.heads(), to.intermediateSize())) {
      return narrow.withLayers(layers);
    }
  }

  /// Training texts from all over the file, which may be sorted by label.
  private TokenizedDataset calibration() {
    int size = data.train().size();
    int count = Math.min(size, CALIBRATION_TEXTS);
    return data.train()
        .subset(IntStream.range(0, count).map(i -> (int) ((long) i * size / count)).toArray());
  }
}
