package dev.retort.run;

import dev.retort.data.DataChecks;
import dev.retort.data.Dataset;
import dev.retort.data.Finding;
import dev.retort.data.SimilarityData;
import dev.retort.data.Splits;
import dev.retort.data.TextEncoder;
import dev.retort.data.TokenizedDataset;
import dev.retort.runtime.Tokenizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The data of a run, tokenized once.
///
/// @param train what is learnt from
/// @param validation what epochs are chosen by
/// @param test what the verdict is about
/// @param training what the student learns from in each stage; `train` itself, if it is that
/// @param findings what was noticed about them
public record RunData(
    TokenizedDataset train,
    TokenizedDataset validation,
    TokenizedDataset test,
    List<TokenizedDataset> training,
    List<Finding> findings) {

  public RunData {
    training = List.copyOf(training);
    findings = List.copyOf(findings);
  }

  /// Tokenizes `data`, `maxLength` tokens of a text at most.
  static RunData of(CheckedData data, Tokenizer tokenizer, int maxLength) {
    TextEncoder encoder =
        example ->
            example
                .pair()
                .map(second -> tokenizer.encode(example.text(), second, maxLength))
                .orElseGet(() -> tokenizer.encode(example.text(), maxLength));
    Splits splits = data.splits();
    TokenizedDataset train = TokenizedDataset.of(splits.train(), encoder, tokenizer.padId());
    Map<Dataset, TokenizedDataset> known = new IdentityHashMap<>(Map.of(splits.train(), train));
    List<TokenizedDataset> training =
        data.training().stream()
            .map(some ->
                known.computeIfAbsent(
                    some, _ -> TokenizedDataset.of(some, encoder, tokenizer.padId())))
            .toList();
    List<Finding> findings = new ArrayList<>(data.findings());
    Stream.concat(Stream.of(train), training.stream())
        .distinct()
        .forEach(tokens -> DataChecks.truncation(tokens, maxLength).ifPresent(findings::add));
    return new RunData(
        train,
        TokenizedDataset.of(splits.validation().orElseThrow(), encoder, tokenizer.padId()),
        TokenizedDataset.of(splits.test().orElseThrow(), encoder, tokenizer.padId()),
        training,
        findings);
  }

  /// Tokenizes the texts of an embedder, `maxLength` tokens of a text at most, which it learns from
  /// in each of `stages` stages.
  static RunData of(SimilarityData data, Tokenizer tokenizer, int maxLength, int stages) {
    TextEncoder encoder = example -> tokenizer.encode(example.text(), maxLength);
    TokenizedDataset train = TokenizedDataset.of(data.train(), encoder, tokenizer.padId());
    List<Finding> findings = new ArrayList<>(data.findings());
    DataChecks.truncation(train, maxLength).ifPresent(findings::add);
    return new RunData(
        train,
        TokenizedDataset.of(data.validation().texts(), encoder, tokenizer.padId()),
        TokenizedDataset.of(data.test().texts(), encoder, tokenizer.padId()),
        Collections.nCopies(stages, train),
        findings);
  }

  /// All data of the run, each once.
  public List<TokenizedDataset> all() {
    return Stream.concat(Stream.of(train, validation, test), training.stream())
        .distinct()
        .toList();
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
