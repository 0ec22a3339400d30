package dev.retort.align;

import dev.retort.data.TokenSequence;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.BreakIterator;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/// Neighbouring tokens of a sequence that are learnt, and the bytes that they spell.
///
/// @param first the place of the first of them in its sequence
/// @param text the bytes before each token and those of the tokens: what offsets count in
/// @param bounds where in `text` the first token begins and each of them ends, ascending; −1 where
///   that is no place in it
/// @param end the place of the token behind them that ends a text or a turn, if there is one
@SuppressWarnings("ArrayRecordComponent") // made once and read by the alignment
record Stretch(int first, byte[] text, int[] bounds, OptionalInt end) {

  /// The stretches of `sequence`, in order.
  ///
  /// @param model whose tokens they are
  /// @param fromStart whether offsets count from the first token that is not special, because all
  ///   of the sequence is one text; otherwise from the first token that is learnt
  static List<Stretch> of(TokenSequence sequence, TokenSpelling model, boolean fromStart) {
    List<Stretch> stretches = new ArrayList<>();
    int next = sequence.learnt().nextSetBit(0);
    while (next >= 0) {
      int after = sequence.learnt().nextClearBit(next);
      stretches.add(of(sequence, next, after, model, fromStart));
      next = sequence.learnt().nextSetBit(after);
    }
    return stretches;
  }

  private static Stretch of(
      TokenSequence sequence, int first, int after, TokenSpelling model, boolean fromStart) {
    int[] ids = sequence.ids();
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    if (fromStart) {
      Arrays.stream(ids, 0, first)
          .filter(id -> !model.bytes().isSpecial(id))
          .forEach(id -> model.bytes().append(id, text));
    }
    boolean ended = model.endIds().contains(ids[after - 1]);
    int[] bounds = new int[1 + (ended ? after - 1 - first : after - first)];
    bounds[0] = text.size();
    for (int i = 1; i < bounds.length; i++) {
      model.bytes().append(ids[first + i - 1], text);
      bounds[i] = text.size();
    }
    return new Stretch(
        first, text.toByteArray(), bounds, ended ? OptionalInt.of(after - 1) : OptionalInt.empty());
  }

  /// The same without the space that SentencePiece puts before a text.
  Stretch withoutLeadingSpace() {
    return new Stretch(
        first,
        Arrays.copyOfRange(text, 1, text.length),
        Arrays.stream(bounds).map(at -> Math.max(0, at - 1)).toArray(),
        end);
  }

  boolean beginsWithSpace() {
    return text.length > 0 && text[0] == ' ';
  }

  /// The same text as Unicode composes it (NFC), as some tokenizers do before they begin. What ends
  /// within a character that is composed has no place in it.
  ///
  /// Text that is cut within a character stays as it is.
  Stretch composed() {
    String decoded;
    try {
      decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
    } catch (CharacterCodingException _) {
      return this;
    }
    int[] placeOf = new int[text.length + 1];
    ByteArrayOutputStream composed = new ByteArrayOutputStream();
    BreakIterator characters = BreakIterator.getCharacterInstance(Locale.ROOT);
    characters.setText(decoded);
    int before = 0;
    int start = characters.first();
    for (int stop = characters.next(); stop != BreakIterator.DONE; stop = characters.next()) {
      String character = decoded.substring(start, stop);
      byte[] plain = character.getBytes(StandardCharsets.UTF_8);
      byte[] whole =
          Normalizer.normalize(character, Normalizer.Form.NFC).getBytes(StandardCharsets.UTF_8);
      for (int i = 1; i < plain.length; i++) {
        placeOf[before + i] = Arrays.equals(plain, whole) ? composed.size() + i : -1;
      }
      composed.writeBytes(whole);
      before += plain.length;
      placeOf[before] = composed.size();
      start = stop;
    }
    return new Stretch(
        first, composed.toByteArray(), Arrays.stream(bounds).map(at -> placeOf[at]).toArray(), end);
  }
}
