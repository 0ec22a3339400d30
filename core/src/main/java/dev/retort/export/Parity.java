package dev.retort.export;

import dev.retort.model.ForwardMode;
import dev.retort.model.Head;
import dev.retort.model.TextClassifier;
import dev.retort.model.TokenBatch;
import dev.retort.runtime.Classifier;
import dev.retort.runtime.Embedder;
import dev.retort.runtime.Encoding;
import dev.retort.runtime.Tokenizer;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Compares exported files with the student they were made from, on real inputs, through the
/// runtime that will serve them.
final class Parity {

  /// How far a 32-bit file may be off, for logits up to 1 and in proportion beyond.
  private static final double TOLERANCE = 1e-4;

  /// How much of the answers 8 bits may lose; sound files lose a few hundredths.
  private static final double MAX_INT8_ERROR = 0.5;

  private static final int BATCH = 16;

  private final Samples samples;
  private final List<float[]> expected;
  private final boolean embeds;

  private Parity(Samples samples, List<float[]> expected, boolean embeds) {
    this.samples = samples;
    this.expected = expected;
    this.embeds = embeds;
  }

  /// Lets the student answer the samples.
  ///
  /// @throws IOException if the tokenizer cannot be read
  static Parity with(OnnxExporter export) throws IOException {
    try (Tokenizer tokenizer = Tokenizer.open(export.tokenizer())) {
      List<Encoding> encodings = export.samples().encode(tokenizer, export.maxLength());
      List<float[]> logits = new ArrayList<>();
      for (int from = 0; from < encodings.size(); from += BATCH) {
        int to = Math.min(encodings.size(), from + BATCH);
        logits.addAll(logits(export.classifier(), encodings.subList(from, to)));
      }
      logits.forEach(Parity::requireFinite);
      return new Parity(
          export.samples(), logits, export.classifier().head() instanceof Head.Embedding);
    }
  }

  /// Compares a file in `folder`, which has its manifest already.
  ///
  /// @throws ExportException if the file does not compute what the student computes
  ParityReport check(Path folder, OnnxPrecision precision) throws IOException {
    var options = Classifier.Options.defaults().withModelFile(precision.fileName());
    List<float[]> answers = answers(folder, options);
    ParityReport report =
        embeds
            ? ParityReport.ofVectors(precision, expected, answers)
            : ParityReport.of(precision, expected, answers);
    require(report);
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

  private void require(ParityReport report) {
    double largest = 1;
    for (float[] logits : expected) {
      for (float logit : logits) {
        largest = Math.max(largest, Math.abs(logit));
      }
    }
    boolean sound =
        switch (report.precision()) {
          case FP32 -> report.maxDifference() <= TOLERANCE * largest;
          case INT8 -> report.relativeError() <= MAX_INT8_ERROR;
        };
    if (!sound) {
      throw new ExportException(
          ("%s does not compute what the student computes: over %d samples the answers are up to %.3g"
                  + " apart and agree to %.1f %%. The file was not put in place; please"
                  + " report this with the student's config.json")
              .formatted(
                  report.precision().fileName(),
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

  private static List<float[]> logits(TextClassifier classifier, List<Encoding> texts) {
    int length = texts.stream().mapToInt(Encoding::length).max().orElse(1);
    long[] ids = new long[texts.size() * length];
    long[] types = new long[ids.length];
    long[] mask = new long[ids.length];
    Arrays.fill(ids, classifier.config().padId());
    for (int row = 0; row < texts.size(); row++) {
      Encoding text = texts.get(row);
      for (int time = 0; time < text.length(); time++) {
        int cell = row * length + time;
        ids[cell] = text.ids()[time];
        types[cell] = text.typeIds()[time];
        mask[cell] = 1;
      }
    }
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      TokenBatch batch =
          new TokenBatch(
              Tensors.of(ids, texts.size(), length),
              Tensors.of(types, texts.size(), length),
              Tensors.of(mask, texts.size(), length));
      return List.of(classifier.forward(batch, ForwardMode.EVALUATE).answerND().toFloatRows());
    }
  }
}
