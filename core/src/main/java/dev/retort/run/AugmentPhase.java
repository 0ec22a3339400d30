package dev.retort.run;

import dev.retort.augment.AugmentedText;
import dev.retort.augment.AugmentedTexts;
import dev.retort.augment.WordReplacement;
import dev.retort.data.AugmentSettings;
import dev.retort.data.DataException;
import dev.retort.data.Dataset;
import dev.retort.data.Example;
import dev.retort.data.Finding;
import dev.retort.data.SimilarityData;
import dev.retort.data.Splits;
import dev.retort.data.Transfer;
import dev.retort.model.Precision;
import dev.retort.model.Pretrained;
import dev.retort.recipe.Plan;
import dev.retort.recipe.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Adds augmented texts to what the student learns from, if the recipe asks for them. They are kept
/// under the hash of all that decides them, so that later runs find them ready.
///
/// Neither a teacher's fine-tuning nor a baseline sees them.
///
/// @param plan what was asked for
/// @param workspace where they are kept
/// @param listener hears how it goes
record AugmentPhase(Plan plan, Workspace workspace, RunListener listener) {

  private static final String PHASE = "augmentation";

  /// Texts whose copies are made, and written down, together.
  private static final int BLOCK = 1024;

  /// `data` with augmented texts in every stage that learns from the recipe's own data.
  CheckedData apply(CheckedData data) throws IOException {
    if (plan.words().isEmpty()) {
      return data;
    }
    List<Stage> stages = plan.recipe().training();
    int[] usual =
        IntStream.range(0, stages.size()).filter(i -> stages.get(i).data().isEmpty()).toArray();
    Dataset learnt = data.training().get(usual[0]);
    Transfer more = augmented(data.splits(), learnt);
    Dataset both = learnt.and(more.data());
    List<Dataset> training =
        IntStream.range(0, stages.size())
            .mapToObj(i -> stages.get(i).data().isEmpty() ? both : data.training().get(i))
            .toList();
    return new CheckedData(data.splits(), training, joined(data.findings(), more.findings()));
  }

  /// `data` with augmented texts among its training texts.
  SimilarityData apply(SimilarityData data) throws IOException {
    if (plan.words().isEmpty()) {
      return data;
    }
    Splits splits =
        new Splits(
            data.train(),
            Optional.of(data.validation().texts()),
            Optional.of(data.test().texts()),
            List.of());
    Transfer more = augmented(splits, data.train());
    return new SimilarityData(
        data.train().and(more.data()),
        data.validation(),
        data.test(),
        joined(data.findings(), more.findings()));
  }

  private Transfer augmented(Splits splits, Dataset learnt) throws IOException {
    Transfer augmented = Transfer.augmented(copies(splits.train()), splits, learnt.examples());
    List<Finding> errors = augmented.findings().stream().filter(Finding::isError).toList();
    if (!errors.isEmpty()) {
      throw new DataException(errors);
    }
    return augmented;
  }

  private Dataset copies(Dataset train) throws IOException {
    AugmentSettings settings = plan.recipe().data().augment().orElseThrow();
    Pretrained words = plan.words().orElseThrow();
    long seed = plan.recipe().train().seed();
    Path folder = workspace.augmented(key(train, settings, words, seed));
    List<Path> parts =
        IntStream.range(0, Math.ceilDiv(train.size(), BLOCK))
            .mapToObj(part -> folder.resolve("%05d.jsonl".formatted(part)))
            .toList();
    if (!parts.stream().allMatch(Files::exists)) {
      replace(train, parts, () -> WordReplacement.open(settings, words, precision(), seed));
    }
    List<Example> copies = new ArrayList<>();
    for (Path part : parts) {
      for (AugmentedText copy : AugmentedTexts.read(part)) {
        copies.add(copy.example(train.examples().get(copy.row())));
      }
    }
    return new Dataset("augmented", copies, train.labels());
  }

  private String key(Dataset train, AugmentSettings settings, Pretrained words, long seed)
      throws IOException {
    return Fingerprints.of(
        train.hash(),
        Fingerprints.of(words),
        words.maxLength(),
        settings.by(),
        settings.copies(),
        settings.probability(),
        settings.candidates(),
        precision(),
        seed);
  }

  /// Makes the parts that an earlier attempt has not.
  private void replace(Dataset train, List<Path> parts, Opening opening) throws IOException {
    listener.phaseStarted(PHASE, train.size(), "texts");
    try (WordReplacement replacement = opening.open()) {
      for (int part = 0; part < parts.size(); part++) {
        int end = Math.min(train.size(), (part + 1) * BLOCK);
        if (!Files.exists(parts.get(part))) {
          IntStream rows = IntStream.range(part * BLOCK, end);
          AugmentedTexts.write(parts.get(part), replacement.copies(train.examples(), rows));
        }
        listener.advanced(end);
      }
    }
    listener.phaseEnded(PHASE, "copies of %d texts".formatted(train.size()));
  }

  /// Gets ready to replace words, which takes reading a model.
  @FunctionalInterface
  private interface Opening {
    WordReplacement open() throws IOException;
  }

  /// As the student is trained: which words are the likeliest hardly depends on it.
  private Precision precision() {
    return plan.recipe().train().precision();
  }

  private static List<Finding> joined(List<Finding> some, List<Finding> more) {
    return Stream.concat(some.stream(), more.stream()).toList();
  }
}
