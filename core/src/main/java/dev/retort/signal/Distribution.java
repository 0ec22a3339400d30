package dev.retort.signal;

import dev.retort.align.AlignedRows;
import dev.retort.align.VocabularyMap;
import dev.retort.model.LinearHead;
import dev.retort.tensor.Functions;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.List;
import java.util.stream.IntStream;

/// What a teacher believes about each of `N` rows; a row is a position that counts: the decision
/// about a text, or a token of a completion.
public sealed interface Distribution {

  /// How many rows there are.
  long rows();

  /// The distribution of `count` rows from `first` on, over the same memory.
  Distribution slice(long first, long count);

  /// The same with nothing left to compute: logits of all rows.
  default Distribution computed() {
    return switch (this) {
      case Headed headed -> headed.dense();
      case Deferred deferred -> deferred.slice(0, rows());
      case Dense _, TopK _, Sampled _, Mixture _, Aligned _ -> this;
    };
  }

  /// Every logit, before any temperature: what a local teacher gives.
  ///
  /// @param logitsNV `[N, V]`
  record Dense(Tensor logitsNV) implements Distribution {
    @Override
    public long rows() {
      return logitsNV.size(0);
    }

    @Override
    public Distribution slice(long first, long count) {
      return new Dense(logitsNV.narrow(0, first, count));
    }
  }

  /// Every logit, not computed yet: for vocabularies so large that only some rows at a time can
  /// have theirs.
  ///
  /// @param hiddenND what the head reads, `[N, D]`
  /// @param head what makes logits of it
  record Headed(Tensor hiddenND, LinearHead head) implements Distribution {
    @Override
    public long rows() {
      return hiddenND.size(0);
    }

    @Override
    public Dense slice(long first, long count) {
      return new Dense(head.logits(hiddenND.narrow(0, first, count)));
    }

    /// All logits.
    public Dense dense() {
      return slice(0, rows());
    }
  }

  /// What several teachers say of whose logits only some rows at a time can be there: computed when
  /// it is asked for.
  ///
  /// @param rows how many rows there are
  /// @param part computes some of them
  record Deferred(long rows, Part part) implements Distribution {

    /// Computes a part of the rows.
    @FunctionalInterface
    public interface Part {

      /// What is said of `count` rows from `first` on, with nothing left to compute.
      Distribution of(long first, long count);
    }

    @Override
    public Distribution slice(long first, long count) {
      return part.of(first, count);
    }
  }

  /// The `K` likeliest entries, and one bucket for the mass of all others: what a stored or remote
  /// teacher gives.
  ///
  /// @param idsNK which entries, `INT64` `[N, K]`
  /// @param logProbsNK their natural log-probabilities, not renormalised, `[N, K]`
  /// @param temperature at which the log-probabilities were taken; the tail cannot be brought to
  ///   another one afterwards
  record TopK(Tensor idsNK, Tensor logProbsNK, double temperature) implements Distribution {
    @Override
    public long rows() {
      return idsNK.size(0);
    }

    @Override
    public Distribution slice(long first, long count) {
      return new TopK(
          idsNK.narrow(0, first, count), logProbsNK.narrow(0, first, count), temperature);
    }
  }

  /// Entries that the teacher drew by chance, each with its share of the draws: an unbiased picture
  /// of the whole distribution, where a top k without its tail is a biased one (Anshumann et al.
  /// 2025, arXiv 2503.16870).
  ///
  /// @param idsNK which entries, each once in a row, `INT64` `[N, K]`
  /// @param weightsNK their shares, which add up to 1 in each row; 0 where a row has fewer than `K`
  /// @param temperature at which they were drawn
  record Sampled(Tensor idsNK, Tensor weightsNK, double temperature) implements Distribution {
    @Override
    public long rows() {
      return idsNK.size(0);
    }

    @Override
    public Distribution slice(long first, long count) {
      return new Sampled(
          idsNK.narrow(0, first, count), weightsNK.narrow(0, first, count), temperature);
    }
  }

  /// What several teachers believe, mixed as probabilities: `Σₘ w(m) · softmax(t(m)/T)`. It lies
  /// between the teachers at every temperature, where an average of logits may be more certain than
  /// all of them.
  ///
  /// @param logitsNV the logits of each teacher, `[N, V]`
  /// @param weightsNM how much each teacher counts in each row; rows add up to 1, `[N, M]`
  record Mixture(List<Tensor> logitsNV, Tensor weightsNM) implements Distribution {
    public Mixture {
      logitsNV = List.copyOf(logitsNV);
      if (logitsNV.size() != weightsNM.size(1)) {
        throw new IllegalArgumentException(
            "%d teachers, but weights for %d".formatted(logitsNV.size(), weightsNM.size(1)));
      }
    }

    @Override
    public long rows() {
      return weightsNM.size(0);
    }

    @Override
    public Distribution slice(long first, long count) {
      return new Mixture(
          logitsNV.stream().map(logits -> logits.narrow(0, first, count)).toList(),
          weightsNM.narrow(0, first, count));
    }

    /// The logarithm of the mixture at `temperature`, without history, `[N, V]`.
    public Tensor logProbabilitiesNV(double temperature) {
      return IntStream.range(0, logitsNV.size())
          .mapToObj(m ->
              Functions.logSoftmax(logitsNV.get(m).detach().times(1 / temperature), -1)
                  .plus(weightsNM.narrow(-1, m, 1).log()))
          .reduce(Functions::logAddExp)
          .orElseThrow();
    }
  }

  /// What a teacher believes that reads the same texts in tokens of its own, not computed yet.
  ///
  /// @param teacher what it believes about its own rows
  /// @param aligned where the student's rows lie among them
  /// @param vocabulary which tokens are the same
  record Aligned(Headed teacher, AlignedRows aligned, VocabularyMap vocabulary)
      implements Distribution {
    @Override
    public long rows() {
      return aligned.size();
    }

    @Override
    public Aligned slice(long first, long count) {
      return new Aligned(teacher, aligned.slice(first, count), vocabulary);
    }

    /// The teacher's logits of some of its own rows, one of them as often as it is named.
    public Tensor logitsNV(long... teacherRows) {
      Tensor rowsN = Tensors.of(teacherRows, teacherRows.length);
      return teacher.head().logits(teacher.hiddenND().indexSelect(0, rowsN));
    }
  }
}
