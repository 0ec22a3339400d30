package dev.retort.data;

import dev.retort.io.Sha256;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;

/// A text as a model that predicts the next token learns from it.
///
/// @param ids its tokens, at least two
/// @param learnt which of them are to be predicted; the first never is
/// @param route what decides which teacher answers about it, where the data say so
/// @param target what its learnt tokens say
@SuppressWarnings("ArrayRecordComponent") // made once and read by batches
public record TokenSequence(int[] ids, BitSet learnt, Optional<String> route, Target target) {

  public TokenSequence {
    if (ids.length < 2 || learnt.length() > ids.length || learnt.get(0)) {
      throw new IllegalArgumentException(
          "%d tokens of which %s are to be predicted: at least two are needed, and the first cannot be"
              .formatted(ids.length, learnt));
    }
    if (learnt.isEmpty()) {
      throw new IllegalArgumentException("no token is to be predicted");
    }
  }

  /// A text that is learnt as it is, or with its answer.
  public TokenSequence(int[] ids, BitSet learnt, Optional<String> route) {
    this(ids, learnt, route, Target.LABEL);
  }

  /// A text about which any teacher answers.
  public TokenSequence(int[] ids, BitSet learnt) {
    this(ids, learnt, Optional.empty());
  }

  /// A text of which every token but the first is to be predicted.
  public static TokenSequence whole(int[] ids) {
    BitSet learnt = new BitSet();
    learnt.set(1, ids.length);
    return new TokenSequence(ids, learnt);
  }

  /// A text of which all tokens from `first` on are to be predicted: a completion after its prompt.
  public static TokenSequence completion(int[] ids, int first) {
    BitSet learnt = new BitSet();
    learnt.set(Math.max(1, first), ids.length);
    return new TokenSequence(ids, learnt);
  }

  /// The same tokens, which say something else.
  public TokenSequence saying(Target other) {
    return new TokenSequence(ids, learnt, route, other);
  }

  /// A hash of the tokens, of which are to be predicted, and of the route, if there is one.
  public String contentKey() {
    Sha256 hash = new Sha256().add(Arrays.toString(ids)).add(learnt.toString());
    return route.map(hash::add).orElse(hash).hex(16);
  }

  /// How many tokens there are.
  public int length() {
    return ids.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TokenSequence that
        && Arrays.equals(ids, that.ids)
        && learnt.equals(that.learnt)
        && route.equals(that.route)
        && target == that.target;
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(ids) + learnt.hashCode();
  }

  @Override
  public String toString() {
    return "TokenSequence[%d tokens, %d to predict]".formatted(ids.length, learnt.cardinality());
  }
}
