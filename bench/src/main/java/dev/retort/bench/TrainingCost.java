package dev.retort.bench;

import dev.retort.data.TextBatch;
import dev.retort.model.EncoderConfig;

/// The floating-point operations that training on a batch needs, which the share of the machine's
/// peak (MFU, Chowdhery et al. 2022, appendix B) is computed from:
///
/// ```
/// 6 · (N · tokens + D · labels · examples) + 3 · 4 · T · D · layers · tokens
/// ```
///
/// with N the weights in the encoder's matrices and T the length of the batch. Padding is no work
/// that counts.
///
/// @param config of the student
/// @param labels how many logits its head has
/// @param peakGflops what the machine can do in this precision, in 10⁹ operations a second
record TrainingCost(EncoderConfig config, int labels, double peakGflops) {

  double operations(TextBatch batch) {
    double head = (double) config.hiddenSize() * labels * batch.size();
    double attention = 4.0 * batch.length() * config.hiddenSize() * config.layers();
    return 6 * (config.matrixParameters() * (double) batch.tokens() + head)
        + 3 * attention * batch.tokens();
  }
}
