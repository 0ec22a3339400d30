package dev.retort.teacher;

import dev.retort.data.SequenceBatch;
import dev.retort.signal.Distribution;
import dev.retort.signal.Need;
import dev.retort.signal.Signals;
import dev.retort.signal.TokenAnswer;
import dev.retort.signal.TokenStore;
import dev.retort.signal.codec.TokenCodec;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;

/// A teacher who has been asked about all sequences already and need not be there: what it said of
/// each token is read from the store, in the order of the batch's rows.
///
/// @param name who was asked
/// @param fingerprint hash of all that its answers depend on
/// @param codec what its answers are written in
/// @param store what it has said; closed with this teacher
public record StoredTokens(String name, String fingerprint, TokenCodec codec, TokenStore store)
    implements Teacher<SequenceBatch> {

  @Override
  public Set<Need> offers() {
    return Set.of(Need.DISTRIBUTION);
  }

  /// @throws IllegalStateException if the teacher has not been asked about a sequence, or about
  ///   other tokens of it
  @Override
  public Signals ask(Question<SequenceBatch> question, Set<Need> needs) {
    List<TokenAnswer> answers =
        question.contentKeys().stream()
            .map(key ->
                store
                    .get(key)
                    .orElseThrow(() ->
                        new IllegalStateException(
                            "'%s' was not asked about the text %s".formatted(name, key))))
            .toList();
    int rows = answers.stream().mapToInt(TokenAnswer::tokens).sum();
    if (rows != question.batch().labels().length) {
      throw new IllegalStateException(
          "'%s' was asked about %d tokens of texts of which %d are learnt"
              .formatted(name, rows, question.batch().labels().length));
    }
    Distribution distribution = codec.decode(joined(answers), rows);
    return Signals.of(distribution);
  }

  private static ByteBuffer joined(List<TokenAnswer> answers) {
    ByteBuffer bytes =
        ByteBuffer.allocate(answers.stream().mapToInt(answer -> answer.rows().length).sum());
    answers.forEach(answer -> bytes.put(answer.rows()));
    return bytes.flip();
  }

  /// Writes what is still in memory.
  @Override
  public void close() {
    store.close();
  }
}
