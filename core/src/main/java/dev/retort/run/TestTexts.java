package dev.retort.run;

import dev.retort.data.SequenceDataset;
import dev.retort.data.TokenSequence;
import dev.retort.data.TokenizedDataset;
import dev.retort.eval.Bootstrap;
import dev.retort.eval.Measured;
import dev.retort.eval.Metric;
import dev.retort.eval.Predictions;
import dev.retort.eval.TextBits;
import dev.retort.model.Precision;
import dev.retort.model.Sweep;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.model.decoder.PretrainedDecoder;
import dev.retort.runtime.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/// The test data as language models of one tokenizer read them.
///
/// @param sequences the texts of which something is predicted
/// @param bytes of what is predicted of each, in UTF-8 and without special tokens
record TestTexts(SequenceDataset sequences, List<Long> bytes) {

  TestTexts {
    bytes = List.copyOf(bytes);
  }

  /// `texts`, which `model` has read.
  static TestTexts of(PretrainedDecoder model, TokenizedDataset texts) throws IOException {
    try (Tokenizer tokenizer = Tokenizer.open(model.tokenizer())) {
      Spelling spelling = new Spelling(tokenizer);
      SequenceDataset sequences = SequenceDataset.of(texts);
      return new TestTexts(
          sequences, sequences.sequences().stream().map(text -> bytes(text, spelling)).toList());
    }
  }

  /// What `model` says about the next tokens, in 32 bits and in the order of a [Sweep].
  Predictions predictions(CausalLanguageModel model) {
    return TokenAnswers.predictions(model, sequences, Precision.FP32);
  }

  /// Completions of one conversation are texts of their own.
  private static long bytes(TokenSequence text, Spelling spelling) {
    BitSet learnt = text.learnt();
    long bytes = 0;
    int next = learnt.nextSetBit(0);
    while (next >= 0) {
      int after = learnt.nextClearBit(next);
      String said = spelling.cutText(Arrays.copyOfRange(text.ids(), next, after));
      bytes += said.getBytes(StandardCharsets.UTF_8).length;
      next = learnt.nextSetBit(after);
    }
    return bytes;
  }

  /// What a model's [#predictions] cost a byte of the texts in bits; nothing where no text says
  /// anything.
  Map<Metric, Measured> bitsPerByte(Predictions predictions, Bootstrap bootstrap) {
    long[] lengths = bytes.stream().mapToLong(Long::longValue).toArray();
    if (Arrays.stream(lengths).sum() == 0) {
      return Map.of();
    }
    double[] nats = new double[lengths.length];
    int row = 0;
    for (int text : Sweep.order(sequences)) {
      int end = row + sequences.sequences().get(text).learnt().cardinality();
      for (; row < end; row++) {
        nats[text] -= predictions.labelLogProbability(row);
      }
    }
    return Map.of(Metric.BITS_PER_BYTE, TextBits.perByte(nats, lengths, bootstrap));
  }
}
