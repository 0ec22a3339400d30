package dev.retort.align;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.retort.data.CompletionEncoder;
import dev.retort.data.Dataset;
import dev.retort.data.Example;
import dev.retort.data.Labels;
import dev.retort.data.Place;
import dev.retort.data.SequenceDataset;
import dev.retort.data.TokenSequence;
import dev.retort.data.TokenizedDataset;
import dev.retort.runtime.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A model's way of reading texts: one of the tokenizers in `src/test/resources/alignment`.
public record Reader(Tokenizer tokenizer, TokenSpelling spelling) implements AutoCloseable {

  public static Reader of(String name) throws IOException {
    int end =
        switch (name) {
          case "fine" -> 0;
          case "coarse" -> 1;
          default -> 2;
        };
    return new Reader(
        Tokenizer.open(file(name)), new TokenSpelling(TokenBytes.read(file(name)), List.of(end)));
  }

  public static Path file(String name) {
    return Path.of("src/test/resources/alignment", name, "tokenizer.json");
  }

  /// Completions of these prompts; texts of their own where the prompt is empty.
  public TokenizedDataset read(List<String[]> texts) {
    List<Example> examples =
        texts.stream()
            .map(text ->
                text.length == 1
                    ? example(text[0], Optional.empty())
                    : example(text[0], Optional.of(text[1])))
            .toList();
    CompletionEncoder encoder =
        new CompletionEncoder(tokenizer, 200, OptionalInt.of(spelling.endIds().getFirst()));
    return TokenizedDataset.of(new Dataset("texts", examples, Labels.of(List.of())), encoder, 0);
  }

  private static Example example(String text, Optional<String> pair) {
    return new Example(text, pair, Example.UNLABELLED, new Place(Path.of("texts"), 1));
  }

  TokenSequence sequence(String... text) {
    return SequenceDataset.sequence(read(List.<String[]>of(text)), 0).orElseThrow();
  }

  /// What tokens spell, each on its own, or together if that is no text.
  String spelt(TokenSequence sequence, int first, int count) {
    return IntStream.range(first, first + count)
        .mapToObj(place -> escaped(bytes(sequence, place, 1)))
        .collect(Collectors.joining("+"));
  }

  byte[] bytes(TokenSequence sequence, int first, int count) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int place = first; place < first + count; place++) {
      spelling.bytes().append(sequence.ids()[place], bytes);
    }
    return bytes.toByteArray();
  }

  private static String escaped(byte[] bytes) {
    String text = new String(bytes, UTF_8);
    return text.contains("\uFFFD") ? HexFormat.of().formatHex(bytes) : text;
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
