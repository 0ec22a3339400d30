package dev.retort.model.decoder;

import java.util.List;

/// What a model added to a text.
///
/// @param ids the added tokens
/// @param ended whether the last of them ended the text; otherwise there was no room for more
public record Continuation(List<Integer> ids, boolean ended) {

  public Continuation {
    ids = List.copyOf(ids);
  }
}
