package dev.retort.data;

import dev.retort.runtime.Encoding;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// Texts for a model that predicts the next token.
///
/// @param sequences the texts, tokenized
public record SequenceDataset(List<TokenSequence> sequences) implements BatchSource<SequenceBatch> {

  public SequenceDataset {
    sequences = List.copyOf(sequences);
  }

  /// The texts of `tokens`, which a [CompletionEncoder] has read, but for those of which nothing is
  /// left to learn.
  public static SequenceDataset of(TokenizedDataset tokens) {
    return new SequenceDataset(
        IntStream.range(0, tokens.size())
            .mapToObj(row -> sequence(tokens, row))
            .flatMap(Optional::stream)
            .toList());
  }

  /// The text of a row of `tokens`, unless nothing of it is left to learn.
  public static Optional<TokenSequence> sequence(TokenizedDataset tokens, int row) {
    Encoding encoding = tokens.encoding(row);
    BitSet learnt = new BitSet();
    for (int place = 0; place < encoding.length(); place++) {
      learnt.set(place, encoding.typeIds()[place] == 1);
    }
    return learnt.isEmpty()
        ? Optional.empty()
        : Optional.of(new TokenSequence(encoding.ids(), learnt, tokens.route(row)));
  }

  /// These texts and then those of `more`.
  public SequenceDataset and(SequenceDataset more) {
    return new SequenceDataset(Stream.concat(sequences.stream(), more.sequences.stream()).toList());
  }

  /// The same texts, whose learnt tokens say `target`.
  public SequenceDataset saying(Target target) {
    return new SequenceDataset(
        sequences.stream().map(sequence -> sequence.saying(target)).toList());
  }

  @Override
  public int size() {
    return sequences.size();
  }

  @Override
  public int length(int row) {
    return sequences.get(row).length();
  }

  /// How many tokens are to be predicted.
  public long predicted() {
    return sequences.stream().mapToLong(sequence -> sequence.learnt().cardinality()).sum();
  }

  @Override
  public SequenceBatch batch(int... rows) {
    List<TokenSequence> some = Arrays.stream(rows).mapToObj(sequences::get).toList();
    LongStream.Builder positions = LongStream.builder();
    IntStream.Builder labels = IntStream.builder();
    long first = 0;
    for (TokenSequence sequence : some) {
      long begin = first;
      sequence.learnt().stream()
          .forEach(place -> {
            // What stands before a token predicts it.
            positions.add(begin + place - 1);
            labels.add(sequence.ids()[place]);
          });
      first += sequence.length();
    }
    return new SequenceBatch(
        rows,
        some.stream()
            .flatMapToInt(sequence -> Arrays.stream(sequence.ids()))
            .asLongStream()
            .toArray(),
        some.stream().mapToLong(TokenSequence::length).toArray(),
        positions.build().toArray(),
        labels.build().toArray(),
        some.stream().map(TokenSequence::target).toList());
  }

  @Override
  public Optional<String> route(int row) {
    return sequences.get(row).route();
  }

  /// A hash of each text's tokens and of those that are to be predicted.
  @Override
  public List<String> contentKeys(int... rows) {
    return Arrays.stream(rows).mapToObj(sequences::get).map(TokenSequence::contentKey).toList();
  }
}
