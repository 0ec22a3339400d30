package dev.retort.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerTablesTest {

  @TempDir Path folder;

  @Test
  void ratiosArePairedWithinRounds() throws IOException {
    for (int round = 1; round <= 3; round++) {
      // The machine is half as fast in the second round, for everybody.
      double speed = round == 2 ? 0.5 : 1;
      training("distill-plain", round, 20 * speed);
      training("distill-tuned", round, 40 * speed);
      training("distill-retort", round, 60 * speed);
      latency("python", round, "transformers", 4 / speed);
      for (String leg : new String[] {"fp32-1", "fp32-2", "int8-1", "int8-2"}) {
        latency(leg, round, "retort", 2 / speed);
      }
    }

    PeerTables.main(new String[] {"--results", folder.toString(), "--peak-bf16", "100"});

    assertThat(folder.resolve("tables.md"))
        .content()
        .contains("| Retort, stored answers, bf16 | 60.0 | 600 | 12.0 % | 16.7 | 3.00 | 1.50 |")
        .contains("stored answers, bf16 | 40.0 | 400 | 8.0 % | 25.0 | 2.00 | 1.00 | 5 MB |")
        .contains("| retort-runtime, int8, 1 thread | 2.00 ms | 3.00 ms | 4.00 ms | 2.00 | 5 MB |");
  }

  @Test
  void onlyWhatWasMeasuredHasATable() throws IOException {
    training("tinybert-plain", 1, 10);
    training("tinybert-tuned", 1, 20);
    training("tinybert-retort", 1, 30);

    PeerTables.main(new String[] {"--results", folder.toString()});

    assertThat(folder.resolve("tables.md"))
        .content()
        .startsWith("| TinyBERT's losses |")
        .contains("| Retort, teacher in every step, bf16 | 30.0 | 300 |")
        .doesNotContain("soft targets")
        .doesNotContain("retort-runtime");
  }

  @Test
  void aMissingResultIsNamed() {
    assertThatThrownBy(() -> PeerTables.main(new String[] {"--results", folder.toString()}))
        .hasMessage(folder.resolve("latency-python-1.json") + " is missing");
  }

  private void training(String leg, int round, double examples) throws IOException {
    write(
        "%s-%d.json".formatted(leg, round),
        """
        {"examples_per_second": %s, "real_tokens_per_second": %s, "median_step_seconds": %s,
         "operations_per_token": 2e7, "peak_rss_bytes": 5e6}
        """
            .formatted(examples, examples * 10, 1 / examples));
  }

  private void latency(String leg, int round, String key, double milliseconds) throws IOException {
    String values =
        "{\"p50_ms\": %s, \"p95_ms\": %s, \"p99_ms\": %s}"
            .formatted(milliseconds, milliseconds * 1.5, milliseconds * 2);
    write(
        "latency-%s-%d.json".formatted(leg, round),
        "{\"%s\": %s, \"sentence_transformers\": %s, \"peak_rss_bytes\": 5e6}"
            .formatted(key, values, values));
  }

  private void write(String name, String json) throws IOException {
    Files.writeString(folder.resolve(name), json);
  }
}
