package dev.retort.export;

import dev.retort.data.TextBatch;
import dev.retort.model.ForwardMode;
import dev.retort.model.Network;
import dev.retort.model.NetworkOutput;
import dev.retort.runtime.Classifier;
import dev.retort.runtime.Embedder;
import dev.retort.runtime.Encoding;
import dev.retort.runtime.Tokenizer;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Compares exported files with the student they were made from, on real inputs, through the
/// runtime that will serve them.
final class Parity {

  private static final int BATCH = 16;

  private final Samples samples;
  private final List<float[]> expected;
  private final boolean embeds;

  private Parity(Samples samples, List<float[]> expected, boolean embeds) {
    this.samples = samples;
    this.expected = expected;
    this.embeds = embeds;
  }

  /// Lets a student answer the samples.
  ///
  /// @throws IOException if the tokenizer cannot be read
  static Parity with(Network<TextBatch> student, Path tokenizerJson, int maxLength, Samples samples)
      throws IOException {
    try (Tokenizer tokenizer = Tokenizer.open(tokenizerJson);
        Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      List<Encoding> encodings = samples.encode(tokenizer, maxLength);
      List<float[]> answers = new ArrayList<>();
      boolean embeds = false;
      for (int from = 0; from < encodings.size(); from += BATCH) {
        int to = Math.min(encodings.size(), from + BATCH);
        TextBatch batch = batch(encodings.subList(from, to), tokenizer.padId());
        NetworkOutput output = student.forward(batch, ForwardMode.EVALUATE);
        answers.addAll(List.of(output.answerND().toFloatRows()));
        embeds = output.logits().isEmpty();
      }
      answers.forEach(Parity::requireFinite);
      return new Parity(samples, answers, embeds);
    }
  }

  /// Compares a file in `folder`, which has its manifest already.
  ///
  /// @throws ExportException if the file does not compute what the student computes
  ParityReport check(Path folder, String file, Fidelity fidelity) throws IOException {
    var options = Classifier.Options.defaults().withModelFile(file);
    List<float[]> answers = answers(folder, options);
    ParityReport report =
        embeds
            ? ParityReport.ofVectors(file, expected, answers)
            : ParityReport.of(file, expected, answers);
    require(report, fidelity);
    return report;
  }

  private List<float[]> answers(Path folder, Classifier.Options options) throws IOException {
    if (embeds) {
      try (Embedder exported = Embedder.open(folder, options)) {
        return samples.vectors(exported);
      }
    }
    try (Classifier exported = Classifier.open(folder, options)) {
      return samples.logits(exported);
    }
  }

  private void require(ParityReport report, Fidelity fidelity) {
    double largest = 0;
    for (float[] answer : expected) {
      for (float value : answer) {
        largest = Math.max(largest, Math.abs(value));
      }
    }
    if (!fidelity.holds(report, largest)) {
      throw new ExportException(
          ("%s does not compute what the student computes: over %d samples the answers are up to %.3g"
                  + " apart and agree to %.1f %%. The file was not put in place; please"
                  + " report this with the student's config.json")
              .formatted(
                  report.file(),
                  report.samples(),
                  report.maxDifference(),
                  100 * report.agreement()));
    }
  }

  private static void requireFinite(float[] logits) {
    for (float logit : logits) {
      if (!Float.isFinite(logit)) {
        throw new ExportException(
            "the student answers %s: its training diverged; train again with a smaller learning rate"
                .formatted(logit));
      }
    }
  }

  private static TextBatch batch(List<Encoding> texts, int padId) {
    int length = texts.stream().mapToInt(Encoding::length).max().orElse(1);
    long[] ids = new long[texts.size() * length];
    long[] types = new long[ids.length];
    long[] mask = new long[ids.length];
    int[] unlabelled = new int[texts.size()];
    Arrays.fill(ids, padId);
    Arrays.fill(unlabelled, -1);
    for (int row = 0; row < texts.size(); row++) {
      Encoding text = texts.get(row);
      for (int time = 0; time < text.length(); time++) {
        int cell = row * length + time;
        ids[cell] = text.ids()[time];
        types[cell] = text.typeIds()[time];
        mask[cell] = 1;
      }
    }
    int[] rows = IntStream.range(0, texts.size()).toArray();
    return new TextBatch(rows, length, ids, types, mask, unlabelled);
  }
}
