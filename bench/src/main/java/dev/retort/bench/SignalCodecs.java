package dev.retort.bench;

import dev.retort.data.SequenceBatch;
import dev.retort.data.SequenceDataset;
import dev.retort.data.TokenSequence;
import dev.retort.io.Folders;
import dev.retort.model.Precision;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.model.decoder.PretrainedDecoder;
import dev.retort.signal.TokenStore;
import dev.retort.signal.codec.SampledCodec;
import dev.retort.signal.codec.TokenCodec;
import dev.retort.signal.codec.TopKCodec;
import dev.retort.teacher.LocalTeacher;
import dev.retort.teacher.TokenCapture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What it costs to keep what a language model says about tokens: bytes for each, what the codec
/// loses of them in nats, and how many of them are asked and kept in a second.
///
/// Usage: `SignalCodecs --teacher FOLDER --data FILE.jsonl [--tokens 2000] [--temperature 1]
/// [--precision bf16] [--max-length 256]`. Lines of the data have `prompt` and `completion`; a row
/// of Markdown is printed for each codec.
public final class SignalCodecs {

  private SignalCodecs() {}

  /// Measures and prints.
  public static void main(String[] args) throws IOException {
    Arguments arguments =
        Arguments.parse(
            args,
            List.of("teacher", "data"),
            Map.of(
                "tokens", "2000",
                "temperature", "1",
                "precision", "bf16",
                "max-length", "256"));
    PretrainedDecoder pretrained = PretrainedDecoder.read(arguments.path("teacher"));
    SequenceDataset data =
        first(DecoderThroughput.read(arguments, pretrained), arguments.count("tokens", 1));
    Precision precision = arguments.choice("precision", Precision.class);
    System.out.printf(
        Locale.ROOT,
        "%,d tokens of %,d texts, load average %.1f%n%n| codec | bytes a token | nats a token | | tokens a second |%n| --- | --: | --: | --- | --: |%n",
        data.predicted(),
        data.size(),
        Machine.loadAverage());
    try (CausalLanguageModel weights = pretrained.weights();
        CausalLanguageModel asked = weights.frozen(precision)) {
      LocalTeacher<SequenceBatch> teacher = new LocalTeacher<>("teacher", "", asked, precision);
      int vocabulary = pretrained.config().vocabularySize();
      List<TokenCodec> codecs = codecs(arguments.positive("temperature"), vocabulary);
      capture(teacher, codecs.getFirst(), data); // the first one also waits for pages and compilers
      for (TokenCodec codec : codecs) {
        System.out.println(capture(teacher, codec, data));
      }
    }
  }

  private static List<TokenCodec> codecs(double temperature, int vocabulary) {
    return List.of(
        new TopKCodec(15, temperature, vocabulary),
        new TopKCodec(16, temperature, vocabulary),
        new TopKCodec(32, temperature, vocabulary),
        new TopKCodec(64, temperature, vocabulary),
        new SampledCodec(50, temperature, vocabulary, 1));
  }

  /// As many whole texts as have `tokens` to be predicted.
  private static SequenceDataset first(SequenceDataset data, int tokens) {
    List<TokenSequence> some = new ArrayList<>();
    int count = 0;
    for (TokenSequence sequence : data.sequences()) {
      if (count < tokens) {
        some.add(sequence);
        count += sequence.learnt().cardinality();
      }
    }
    return new SequenceDataset(some);
  }

  private static String capture(
      LocalTeacher<SequenceBatch> teacher, TokenCodec codec, SequenceDataset data)
      throws IOException {
    Path folder = Files.createTempDirectory("retort-bench");
    try (TokenStore store = TokenStore.open(folder, "bench")) {
      long start = System.nanoTime();
      new TokenCapture(teacher, codec, store).answer(data, () -> false, _ -> {});
      double seconds = (System.nanoTime() - start) / 1e9;
      TokenStore.Shard shard = store.shards().getFirst();
      return String.format(
          Locale.ROOT,
          "| %s | %.1f | %.4f | %s | %,.0f |",
          codec.label(),
          shard.bytes() / (double) shard.tokens(),
          shard.error(),
          codec.measure(),
          shard.tokens() / seconds);
    } finally {
      Folders.delete(folder);
    }
  }
}
