package dev.retort.bench;

import dev.retort.data.TextBatch;
import dev.retort.model.EncoderConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// The floating-point operations that training on a batch needs, which the share of the machine's
/// peak (MFU, Chowdhery et al. 2022, appendix B) is computed from:
///
/// ```
/// 6 · (N · tokens + D · labels · examples) + 3 · 4 · T · D · layers · tokens
/// ```
///
/// with N the weights in the encoder's matrices and T the length of the batch. A teacher that is
/// asked in every step adds a third of what its own training would cost, without a head. Padding is
/// no work that counts.
///
/// @param config of the student
/// @param labels how many logits its head has
/// @param teacher of the teacher, where it is asked in every step
/// @param peakGflops what the machine can do in this precision, in 10⁹ operations a second
record TrainingCost(
    EncoderConfig config, int labels, Optional<EncoderConfig> teacher, double peakGflops)
    implements StepLog.Cost<TextBatch> {

  @Override
  public SequencedMap<String, Object> rates(List<TextBatch> batches, double seconds) {
    long tokens = batches.stream().mapToLong(TextBatch::tokens).sum();
    long padded = batches.stream().mapToLong(TextBatch::paddedTokens).sum();
    double operations = batches.stream().mapToDouble(this::operations).sum();
    SequencedMap<String, Object> rates = new LinkedHashMap<>();
    rates.put("examples_per_second", batches.stream().mapToLong(TextBatch::size).sum() / seconds);
    rates.put("real_tokens_per_second", tokens / seconds);
    rates.put("real_token_share", tokens / (double) padded);
    rates.put("operations_per_token", operations / tokens);
    rates.put("peak_gflops", peakGflops);
    rates.put("mfu", operations / (seconds * peakGflops * 1e9));
    return rates;
  }

  double operations(TextBatch batch) {
    double head = (double) config.hiddenSize() * labels * batch.size();
    return 3 * forward(config, batch)
        + 6 * head
        + teacher.map(asked -> forward(asked, batch)).orElse(0.0);
  }

  private static double forward(EncoderConfig config, TextBatch batch) {
    double attention = 4.0 * batch.length() * config.hiddenSize() * config.layers();
    return (2 * config.matrixParameters() + attention) * batch.tokens();
  }
}
