package dev.retort.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.function.LongSupplier;
import tools.jackson.core.JacksonException;

/// A Hugging Face tokenizer read from its `tokenizer.json`, safe for use by many threads.
///
/// Encodings equal those of `tokenizer(text, truncation=True, max_length=n)` in Python: special
/// tokens are added by the file's template and always kept, a text that is too long loses tokens at
/// its end, and of a pair the longer text loses first (`longest_first`). Truncation and padding
/// settings inside the file are ignored, because the caller's maximum length decides.
public final class Tokenizer implements AutoCloseable {
  private final TokenizersLibrary library;
  private final long handle;
  private final TokenizerFile file;
  private final Optional<BertTokenizer> bert;
  private final String fingerprint;
  private final Gate gate = new Gate("tokenizer");

  private Tokenizer(TokenizersLibrary library, long handle, byte[] json) {
    this.library = library;
    this.handle = handle;
    this.file = TokenizerFile.read(json);
    this.bert = BertTokenizerFile.read(json);
    this.fingerprint = Sha256.of(json);
  }

  /// Opens a `tokenizer.json`.
  ///
  /// @throws IOException if the file cannot be read
  /// @throws StudentException if it is not a tokenizer, or the native library cannot be loaded
  public static Tokenizer open(Path tokenizerJson) throws IOException {
    byte[] json = Files.readAllBytes(tokenizerJson);
    TokenizersLibrary library = NativeTokenizers.library();
    try {
      long handle = library.createTokenizerFromString(new String(json, UTF_8));
      library.disableTruncation(handle);
      library.disablePadding(handle);
      return new Tokenizer(library, handle, json);
    } catch (JacksonException e) {
      throw notATokenizer(tokenizerJson, e.getOriginalMessage(), e);
    } catch (RuntimeException e) {
      throw notATokenizer(tokenizerJson, String.valueOf(e.getMessage()), e);
    }
  }

  private static StudentException notATokenizer(Path file, String reason, RuntimeException cause) {
    return new StudentException(
        file + " is not a readable Hugging Face tokenizer: " + reason + ". Get the file again.",
        cause);
  }

  /// Encodes one text, which may be empty.
  ///
  /// @param maxLength the most tokens of the encoding, special tokens included
  /// @throws IllegalArgumentException if `maxLength` leaves no room for the special tokens
  public Encoding encode(String text, int maxLength) {
    requireNonNull(text, "text");
    try (var _ = gate.enter()) {
      return bert.flatMap(plain -> plain.encode(text, maxLength))
          .orElseGet(() -> encodeNative(text, maxLength));
    }
  }

  /// What the native library makes of `text`; [BertTokenizer] is tested against it.
  Encoding encodeNative(String text, int maxLength) {
    return encode(() -> library.encode(handle, text, true), maxLength);
  }

  /// The tokens of a text that goes on where another one ends: all of them, and no special tokens
  /// of the file's template.
  public Encoding encodeContinuation(String text) {
    requireNonNull(text, "text");
    try (var _ = gate.enter()) {
      return encode(() -> library.encode(handle, text, false), Integer.MAX_VALUE);
    }
  }

  /// The tokens of a text that is whole already, special tokens spelt out in it, and where in the
  /// text each of them is.
  public SpannedTokens encodeSpelt(String text) {
    requireNonNull(text, "text");
    try (var _ = gate.enter()) {
      long encoding = handleOf(() -> library.encode(handle, text, false));
      try {
        return SpannedTokens.of(
            text, library.getTokenIds(encoding), library.getTokenCharSpans(encoding));
      } finally {
        library.deleteEncoding(encoding);
      }
    }
  }

  /// Encodes two texts as one input, the way the file's template joins them.
  ///
  /// @param maxLength the most tokens of the encoding, special tokens included
  /// @throws IllegalArgumentException if `maxLength` leaves no room for the special tokens
  public Encoding encode(String first, String second, int maxLength) {
    requireNonNull(first, "first");
    requireNonNull(second, "second");
    try (var _ = gate.enter()) {
      return bert.flatMap(plain -> plain.encode(first, second, maxLength))
          .orElseGet(() -> encodeNative(first, second, maxLength));
    }
  }

  /// What the native library makes of two texts; [BertTokenizer] is tested against it.
  Encoding encodeNative(String first, String second, int maxLength) {
    return encode(() -> library.encodeDual(handle, first, second, true), maxLength);
  }

  /// Encodes many texts on all processors, in their order.
  public List<Encoding> encodeAll(List<String> texts, int maxLength) {
    return texts.parallelStream().map(text -> encode(text, maxLength)).toList();
  }

  /// Encodes many pairs on all processors, in their order.
  public List<Encoding> encodePairs(List<TextPair> pairs, int maxLength) {
    return pairs.parallelStream()
        .map(pair -> encode(pair.first(), pair.second(), maxLength))
        .toList();
  }

  /// The text that tokens spell, as the file's decoder joins them, special tokens included. An id
  /// that is no token spells nothing.
  public String decode(int... ids) {
    try (var _ = gate.enter()) {
      return decodeNative(ids);
    }
  }

  private String decodeNative(int[] ids) {
    try {
      return library.decode(handle, Arrays.stream(ids).asLongStream().toArray(), false);
    } catch (RuntimeException e) {
      throw new StudentException(
          "The tokenizer cannot decode " + Arrays.toString(ids) + ": " + e.getMessage(), e);
    }
  }

  private Encoding encode(LongSupplier nativeEncode, int maxLength) {
    long encoding = handleOf(nativeEncode);
    try {
      return read(encoding, maxLength);
    } finally {
      library.deleteEncoding(encoding);
    }
  }

  private static long handleOf(LongSupplier nativeEncode) {
    try {
      return nativeEncode.getAsLong();
    } catch (RuntimeException e) {
      throw new StudentException("The tokenizer cannot encode a text: " + e.getMessage(), e);
    }
  }

  private Encoding read(long encoding, int maxLength) {
    long[] ids = library.getTokenIds(encoding);
    long[] typeIds = library.getTypeIds(encoding);
    if (ids.length <= maxLength) {
      return new Encoding(toInts(ids), toInts(typeIds), false);
    }
    int[] kept = Truncation.keptPositions(library.getSequenceIds(encoding), maxLength);
    return new Encoding(select(ids, kept), select(typeIds, kept), true);
  }

  private static int[] toInts(long[] values) {
    int[] ints = new int[values.length];
    Arrays.setAll(ints, position -> (int) values[position]);
    return ints;
  }

  private static int[] select(long[] values, int[] positions) {
    int[] ints = new int[positions.length];
    Arrays.setAll(ints, index -> (int) values[positions[index]]);
    return ints;
  }

  /// The SHA-256 of the file as hexadecimal digits: equal fingerprints mean equal encodings.
  public String fingerprint() {
    return fingerprint;
  }

  /// One more than the largest token id: how many rows an embedding table needs.
  public int vocabularySize() {
    return file.vocabularySize();
  }

  /// The id that fills short rows of a batch; 0 when the file names none, which does no harm
  /// because filled positions are masked.
  public int padId() {
    return file.padId();
  }

  /// The id that hides a token from a masked language model, if the file names one.
  public OptionalInt maskId() {
    return file.maskId();
  }

  /// The ids that no text spells, such as those of `[CLS]` and `[SEP]`.
  public SortedSet<Integer> specialIds() {
    return file.specialIds();
  }

  /// Frees the native memory, after waiting for encodings under way. Closing again does nothing.
  @Override
  public void close() {
    gate.close(() -> library.deleteTokenizer(handle));
  }
}
