package dev.retort.bench;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/// A model in llama.cpp: the reference for the GGUF files that Retort writes. One thread at a time
/// may use it.
///
/// Only functions that have been the same for years are called. The two structs of parameters come
/// from the library and go back to it, but for `n_ctx`, which is the second's first field.
final class LlamaCpp implements AutoCloseable {

  private static final MemoryLayout BATCH =
      MemoryLayout.structLayout(
          JAVA_INT,
          MemoryLayout.paddingLayout(Integer.BYTES),
          ADDRESS,
          ADDRESS,
          ADDRESS,
          ADDRESS,
          ADDRESS,
          ADDRESS);

  private static final int THREADS = 2;
  private static final int MOST_PIECE = 512;

  /// How many tokens a model may put around a text.
  private static final int FRAME = 8;

  private final LlamaLibrary library;
  private final MemorySegment model;
  private final MemorySegment vocabulary;
  private final MemorySegment context;

  private LlamaCpp(LlamaLibrary library, MemorySegment model, MemorySegment context) {
    this.library = library;
    this.model = model;
    this.vocabulary = library.pointer("llama_model_get_vocab", model);
    this.context = context;
  }

  /// Loads the model in `file`.
  ///
  /// @param contextLength how many tokens prompt and answer have at most
  /// @throws IOException if the library refuses the file
  static LlamaCpp open(LlamaLibrary library, Path file, int contextLength) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment model =
          load(
              library,
              file,
              "llama_model_load_from_file",
              arena.allocateFrom(file.toString()),
              library.parameters("llama_model_default_params", arena));
      MemorySegment parameters = library.parameters("llama_context_default_params", arena);
      parameters.set(JAVA_INT, 0, contextLength);
      MemorySegment context = load(library, file, "llama_init_from_model", model, parameters);
      library.call(
          "llama_set_n_threads",
          FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT, JAVA_INT),
          context,
          THREADS,
          THREADS);
      return new LlamaCpp(library, model, context);
    }
  }

  private static MemorySegment load(
      LlamaLibrary library,
      Path file,
      String function,
      MemorySegment source,
      MemorySegment parameters)
      throws IOException {
    FunctionDescriptor type = FunctionDescriptor.of(ADDRESS, ADDRESS, LlamaLibrary.PARAMETERS);
    MemorySegment loaded = (MemorySegment) library.call(function, type, source, parameters);
    if (loaded.address() == 0) {
      throw new IOException("llama.cpp cannot load %s: %s".formatted(file, library.errors()));
    }
    return loaded;
  }

  /// The tokens of a text, with those that the model puts around every text. Control tokens in the
  /// text are read as such.
  int[] tokenize(String text) {
    int length = text.getBytes(StandardCharsets.UTF_8).length;
    int most = length + FRAME;
    FunctionDescriptor type =
        FunctionDescriptor.of(
            JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_BOOLEAN, JAVA_BOOLEAN);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment ids = arena.allocate(JAVA_INT, most);
      MemorySegment bytes = arena.allocateFrom(text);
      int count =
          (int)
              library.call(
                  "llama_tokenize", type, vocabulary, bytes, length, ids, most, true, true);
      return Arrays.copyOf(ids.toArray(JAVA_INT), count);
    }
  }

  /// The text that tokens spell.
  String text(int... ids) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int id : ids) {
      bytes.writeBytes(piece(id));
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /// The bytes of a token, which need not be whole letters.
  private byte[] piece(int id) {
    FunctionDescriptor type =
        FunctionDescriptor.of(
            JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_BOOLEAN);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(MOST_PIECE);
      int length =
          (int)
              library.call(
                  "llama_token_to_piece", type, vocabulary, id, buffer, MOST_PIECE, 0, true);
      return buffer.asSlice(0, Math.max(0, length)).toArray(JAVA_BYTE);
    }
  }

  /// The likeliest continuation of a prompt, token by token, up to `count` tokens or the end.
  int[] greedy(int[] prompt, int count) {
    int[] answer = new int[count];
    int[] next = prompt;
    for (int i = 0; i < count; i++) {
      answer[i] = argmax(decode(next));
      if (isEnd(answer[i])) {
        return Arrays.copyOf(answer, i + 1);
      }
      next = new int[] {answer[i]};
    }
    return answer;
  }

  /// Reads further tokens and returns the logits `[V]` of the one after them.
  float[] decode(int... ids) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment batch =
          (MemorySegment)
              library.call(
                  "llama_batch_get_one",
                  FunctionDescriptor.of(BATCH, ADDRESS, JAVA_INT),
                  (SegmentAllocator) arena,
                  arena.allocateFrom(JAVA_INT, ids),
                  ids.length);
      FunctionDescriptor type = FunctionDescriptor.of(JAVA_INT, ADDRESS, BATCH);
      int code = (int) library.call("llama_decode", type, context, batch);
      if (code != 0) {
        throw new IllegalStateException(
            "llama_decode returned %d: %s".formatted(code, library.errors()));
      }
      return logits();
    }
  }

  @SuppressWarnings("restricted") // the library says how many logits there are
  private float[] logits() {
    MemorySegment logits =
        (MemorySegment)
            library.call(
                "llama_get_logits_ith",
                FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT),
                context,
                -1);
    int size =
        (int)
            library.call(
                "llama_vocab_n_tokens", FunctionDescriptor.of(JAVA_INT, ADDRESS), vocabulary);
    return logits.reinterpret((long) size * Float.BYTES).toArray(JAVA_FLOAT);
  }

  private boolean isEnd(int id) {
    FunctionDescriptor type = FunctionDescriptor.of(JAVA_BOOLEAN, ADDRESS, JAVA_INT);
    return (boolean) library.call("llama_vocab_is_eog", type, vocabulary, id);
  }

  @Override
  public void close() {
    library.call("llama_free", FunctionDescriptor.ofVoid(ADDRESS), context);
    library.call("llama_model_free", FunctionDescriptor.ofVoid(ADDRESS), model);
  }

  private static int argmax(float[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }
}
