package dev.retort.run;

import dev.retort.data.DataChecks;
import dev.retort.data.DataException;
import dev.retort.data.Dataset;
import dev.retort.data.Finding;
import dev.retort.data.Place;
import dev.retort.data.Splits;
import dev.retort.data.TextEncoder;
import dev.retort.data.TokenizedDataset;
import dev.retort.recipe.Recipe;
import dev.retort.runtime.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The data of a run, read, checked and tokenized once.
///
/// @param train what is learnt from
/// @param validation what epochs are chosen by
/// @param test what the verdict is about
/// @param findings what the checks noticed, none of it an error
public record RunData(
    TokenizedDataset train,
    TokenizedDataset validation,
    TokenizedDataset test,
    List<Finding> findings) {

  public RunData {
    findings = List.copyOf(findings);
  }

  /// Reads the data that `recipe` names, relative to `folder`.
  ///
  /// @throws DataException with all errors that the checks find
  public static Splits read(Recipe recipe, Path folder) throws IOException {
    Splits splits = Splits.read(recipe.data(), folder, recipe.train().seed());
    List<Finding> errors =
        new ArrayList<>(
            DataChecks.check(splits).stream().filter(Finding::isError).toList());
    Place place = Place.of(folder.resolve(recipe.data().train()));
    required(splits.validation(), "validation", place).ifPresent(errors::add);
    required(splits.test(), "test", place).ifPresent(errors::add);
    if (!errors.isEmpty()) {
      throw new DataException(errors);
    }
    return splits;
  }

  private static Optional<Finding> required(Optional<Dataset> split, String name, Place place) {
    return split.isPresent()
        ? Optional.empty()
        : Optional.of(
            new Finding(
                Finding.Severity.ERROR,
                Optional.of(place),
                "the recipe has no %s data; name a file or a share such as `data.%s: 10%%`"
                    .formatted(name, name)));
  }

  /// Tokenizes the splits, `maxLength` tokens of a text at most.
  static RunData of(Splits splits, Tokenizer tokenizer, int maxLength) {
    TextEncoder encoder =
        example ->
            example
                .pair()
                .map(second -> tokenizer.encode(example.text(), second, maxLength))
                .orElseGet(() -> tokenizer.encode(example.text(), maxLength));
    TokenizedDataset train = TokenizedDataset.of(splits.train(), encoder, tokenizer.padId());
    List<Finding> findings = new ArrayList<>(DataChecks.check(splits));
    DataChecks.truncation(train, maxLength).ifPresent(findings::add);
    return new RunData(
        train,
        TokenizedDataset.of(splits.validation().orElseThrow(), encoder, tokenizer.padId()),
        TokenizedDataset.of(splits.test().orElseThrow(), encoder, tokenizer.padId()),
        findings);
  }

  /// The labels in the order of the logits.
  public List<String> labels() {
    return train.dataset().labels().names();
  }

  /// Whether the task is about pairs of texts.
  public boolean pairs() {
    return train.dataset().examples().stream().anyMatch(example -> example.pair().isPresent());
  }
}
