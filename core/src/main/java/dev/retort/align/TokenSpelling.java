package dev.retort.align;

import dev.retort.model.decoder.PretrainedDecoder;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;

/// What the tokens of a model spell, and which of them end a text or a turn.
///
/// @param bytes what the tokens spell
/// @param endIds the tokens that end, the one that is put behind texts first
public record TokenSpelling(TokenBytes bytes, List<Integer> endIds) {

  public TokenSpelling {
    endIds = List.copyOf(endIds);
  }

  /// The spelling of a model as it lies in its folder.
  public static TokenSpelling of(PretrainedDecoder model) throws IOException {
    return new TokenSpelling(TokenBytes.read(model.tokenizer()), model.endIds());
  }

  /// The token that is put behind texts, if there is one.
  OptionalInt endId() {
    return endIds.stream().mapToInt(Integer::intValue).findFirst();
  }
}
