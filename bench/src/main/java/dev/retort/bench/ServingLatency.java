package dev.retort.bench;

import dev.retort.data.Labels;
import dev.retort.runtime.Classifier;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// How long an exported student takes for one text, tokenization included: the counterpart of
/// `bench/peers/latency_peers.py`.
///
/// Usage: `ServingLatency --model ONNX_FOLDER --data FILE.jsonl --out RESULT.json [--count 500]
/// [--threads 1] [--spinning false] [--file model.onnx]`.
public final class ServingLatency {

  /// Calls before the first that counts: enough for the JVM to compile what it runs.
  private static final int WARM_UP = 1000;

  private ServingLatency() {}

  /// Measures and writes the result.
  public static void main(String[] args) throws IOException {
    double load = Machine.loadAverage();
    Arguments arguments =
        Arguments.parse(
            args,
            List.of("model", "data", "out"),
            Map.of("count", "500", "threads", "1", "spinning", "false", "file", "model.onnx"));
    Classifier.Options options =
        Classifier.Options.defaults()
            .withModelFile(arguments.text("file"))
            .withThreads(arguments.count("threads", 1))
            .withSpinning(Boolean.parseBoolean(arguments.text("spinning")));
    try (Classifier student = Classifier.open(arguments.path("model"), options)) {
      List<String> texts = LabelledTexts.texts(arguments.path("data"), Labels.of(student.labels()));
      double[] milliseconds = milliseconds(student, texts, arguments.count("count", 1));
      SequencedMap<String, Object> result = new LinkedHashMap<>();
      result.put("retort", summary(milliseconds));
      result.put("count", milliseconds.length);
      result.put("warm_up_calls", WARM_UP);
      result.put("model_file", arguments.text("file"));
      result.put("threads", options.threads());
      result.put("spinning", options.spinning());
      result.put("load_average_before", load);
      result.put("peak_rss_bytes", Machine.peakResidentBytes());
      ResultFile.write(result, arguments.path("out"));
    }
  }

  private static double[] milliseconds(Classifier student, List<String> texts, int count) {
    for (int i = 0; i < WARM_UP; i++) {
      student.classify(texts.get(i % texts.size()));
    }
    double[] milliseconds = new double[count];
    for (int i = 0; i < count; i++) {
      String text = texts.get(i % texts.size());
      long started = System.nanoTime();
      student.classify(text);
      milliseconds[i] = (System.nanoTime() - started) / 1e6;
    }
    return milliseconds;
  }

  static SequencedMap<String, Object> summary(double[] milliseconds) {
    Quantiles quantiles = new Quantiles(milliseconds);
    SequencedMap<String, Object> summary = new LinkedHashMap<>();
    summary.put("p50_ms", quantiles.at(0.50));
    summary.put("p95_ms", quantiles.at(0.95));
    summary.put("p99_ms", quantiles.at(0.99));
    summary.put("mean_ms", Arrays.stream(milliseconds).average().orElseThrow());
    return summary;
  }
}
