package dev.retort.run;

import dev.retort.data.BatchSource;
import dev.retort.data.DataChecks;
import dev.retort.data.Dataset;
import dev.retort.data.Finding;
import dev.retort.data.SimilarityData;
import dev.retort.data.Splits;
import dev.retort.data.TextBatch;
import dev.retort.data.TextEncoder;
import dev.retort.data.TokenizedDataset;
import dev.retort.model.Pretrained;
import dev.retort.recipe.Plan;
import dev.retort.runtime.Tokenizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.stream.Stream;

/// The data of a run, tokenized once for a model.
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

  /// The same data with something more to know about them.
  RunData noting(List<Finding> more) {
    List<Finding> all = new ArrayList<>(findings);
    all.addAll(more);
    return new RunData(train, validation, test, training, all);
  }

  /// `data` as `reader` reads them, `maxLength` tokens of a text at most.
  static RunData of(Pretrained reader, CheckedData data, int maxLength) throws IOException {
    try (Tokenizer tokenizer = Tokenizer.open(reader.tokenizer())) {
      return of(data, TextEncoder.of(tokenizer, maxLength), tokenizer.padId(), maxLength);
    }
  }

  /// `data` as `encoder` reads them, `maxLength` tokens of a text at most.
  static RunData of(CheckedData data, TextEncoder encoder, int padId, int maxLength) {
    Splits splits = data.splits();
    TokenizedDataset train = TokenizedDataset.of(splits.train(), encoder, padId);
    IdentityHashMap<Dataset, TokenizedDataset> known = new IdentityHashMap<>();
    known.put(splits.train(), train);
    List<TokenizedDataset> training =
        data.training().stream()
            .map(
                some -> known.computeIfAbsent(some, _ -> TokenizedDataset.of(some, encoder, padId)))
            .toList();
    List<Finding> findings = new ArrayList<>(data.findings());
    Stream.concat(Stream.of(train), training.stream())
        .distinct()
        .forEach(tokens -> DataChecks.truncation(tokens, maxLength).ifPresent(findings::add));
    return new RunData(
        train,
        TokenizedDataset.of(splits.validation().orElseThrow(), encoder, padId),
        TokenizedDataset.of(splits.test().orElseThrow(), encoder, padId),
        training,
        findings);
  }

  /// The texts of an embedder as the teacher of `plan` reads them.
  static RunData ofTeacher(Plan plan, SimilarityData data) throws IOException {
    return of(plan.teacher(), plan, data);
  }

  /// The texts of an embedder as the student of `plan` reads them.
  static RunData ofStudent(Plan plan, SimilarityData data, RunData read) throws IOException {
    return plan.sharedTokens() ? read : of(plan.source(), plan, data);
  }

  /// An embedder learns from the same texts in all stages.
  private static RunData of(Pretrained reader, Plan plan, SimilarityData data) throws IOException {
    int maxLength = plan.recipe().mainTeacher().maxLength();
    try (Tokenizer tokenizer = Tokenizer.open(reader.tokenizer())) {
      TextEncoder encoder = example -> tokenizer.encode(example.text(), maxLength);
      TokenizedDataset train = TokenizedDataset.of(data.train(), encoder, tokenizer.padId());
      List<Finding> findings = new ArrayList<>(data.findings());
      DataChecks.truncation(train, maxLength).ifPresent(findings::add);
      return new RunData(
          train,
          TokenizedDataset.of(data.validation().texts(), encoder, tokenizer.padId()),
          TokenizedDataset.of(data.test().texts(), encoder, tokenizer.padId()),
          Collections.nCopies(plan.recipe().training().size(), train),
          findings);
    }
  }

  /// All data of the run, each once.
  public List<TokenizedDataset> all() {
    return Stream.concat(Stream.of(train, validation, test), training.stream()).distinct().toList();
  }

  /// What `other`, the same data read by another model, has where these have `read`.
  BatchSource<TextBatch> counterpart(BatchSource<TextBatch> read, RunData other) {
    return other.all().get(all().indexOf(read));
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
