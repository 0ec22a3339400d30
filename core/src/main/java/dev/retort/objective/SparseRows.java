package dev.retort.objective;

import dev.retort.tensor.InPlace;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.WideRows;

/// What a student says where a teacher names few entries of a wide row: the softmax, which took the
/// place of the logits, and the log-probabilities of the entries that were named.
///
/// @param qNV the student's probabilities, until [#toGradient] turns them into a gradient
/// @param idsNK the entries that the teacher names
/// @param logQNK the student's log-probabilities of these
record SparseRows(Tensor qNV, Tensor idsNK, Tensor logQNK) {

  /// Overwrites `logitsNV`.
  static SparseRows takeOver(Tensor logitsNV, Tensor idsNK, double temperature) {
    Tensor namedNK = logitsNV.gather(-1, idsNK).times(1 / temperature);
    Tensor logSumExpN1 = WideRows.softmaxInPlace(logitsNV, temperature);
    return new SparseRows(logitsNV, idsNK, namedNK.minus(logSumExpN1));
  }

  /// Overwrites the probabilities by `temperature · (h − q · Σh)`, where `weightedNO` is `h` of the
  /// named entries and of the bucket for all others: these share it in proportion to their
  /// probability.
  Tensor toGradient(Tensor weightedNO, Tensor logTailN1, double temperature) {
    long k = idsNK.size(-1);
    Tensor totalN1 = weightedNO.sum(-1, true);
    Tensor bucketN1 = weightedNO.narrow(-1, k, 1).dividedBy(logTailN1.exp());
    Tensor namedNK = weightedNO.narrow(-1, 0, k).minus(logQNK.exp().times(totalN1));
    InPlace.times(qNV, bucketN1.minus(totalN1).timesInPlace(temperature));
    InPlace.scatter(qNV, -1, idsNK, namedNK.timesInPlace(temperature));
    return qNV;
  }
}
