package dev.retort.bench;

import dev.retort.data.SequenceBatch;
import dev.retort.model.decoder.DecoderConfig;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// The floating-point operations that distilling a decoder on a batch needs, which the share of the
/// machine's peak (MFU, Chowdhery et al. 2022, appendix B) is computed from:
///
/// ```
/// 6 · (N · tokens + D · V · predicted) + 3 · 2 · Σ T² · W · layers
/// ```
///
/// with N the weights in the layers' matrices, T the length of a sequence and W the width of all
/// queries; a token sees the half of its sequence that is before it. The teacher adds a third of
/// what its own training would cost. Padding, and logits that nobody is taught, are no work that
/// counts.
///
/// @param student who is trained
/// @param teacher who is asked in every step
/// @param peakGflops what the machine can do in this precision, in 10⁹ operations a second
record DecoderCost(DecoderConfig student, DecoderConfig teacher, double peakGflops)
    implements StepLog.Cost<SequenceBatch> {

  @Override
  public SequencedMap<String, Object> rates(List<SequenceBatch> batches, double seconds) {
    long tokens = batches.stream().mapToLong(batch -> batch.ids().length).sum();
    long predicted = batches.stream().mapToLong(batch -> batch.labels().length).sum();
    double operations = batches.stream().mapToDouble(this::operations).sum();
    SequencedMap<String, Object> rates = new LinkedHashMap<>();
    rates.put(
        "sequences_per_second", batches.stream().mapToLong(b -> b.rows().length).sum() / seconds);
    rates.put("tokens_per_second", tokens / seconds);
    rates.put("completion_tokens_per_second", predicted / seconds);
    rates.put("operations_per_token", operations / tokens);
    rates.put("peak_gflops", peakGflops);
    rates.put("mfu", operations / (seconds * peakGflops * 1e9));
    return rates;
  }

  double operations(SequenceBatch batch) {
    return 3 * forward(student, batch) + forward(teacher, batch);
  }

  private static double forward(DecoderConfig config, SequenceBatch batch) {
    double head = (double) config.vocabularySize() * config.hiddenSize();
    double layers = config.matrixParameters() - head;
    double squares = Arrays.stream(batch.lengths()).mapToDouble(length -> length * length).sum();
    double attention = 2.0 * squares * config.attention().queryWidth() * config.layers();
    return 2 * (layers * batch.ids().length + head * batch.labels().length) + attention;
  }
}
