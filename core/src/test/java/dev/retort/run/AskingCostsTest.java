package dev.retort.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatAnswer.Finish;
import dev.retort.api.ChatAnswer.Usage;
import dev.retort.api.ChatRequest;
import dev.retort.api.ChatTurn;
import dev.retort.eval.Bootstrap;
import dev.retort.eval.Measured;
import dev.retort.eval.Metric;
import dev.retort.ledger.Dollars;
import dev.retort.ledger.Entry;
import dev.retort.ledger.Provenance;
import dev.retort.recipe.Recipes;
import dev.retort.remote.RemoteSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AskingCostsTest {

  private static final String PRICE = "teacher.price={input: 10, output: 20}";

  @TempDir private Path folder;

  private RemoteSettings teacher(String... settings) throws IOException {
    String recipe =
        """
        name: costs
        teacher: {model: 'openai:http://localhost:1/v1#scripted'}
        student: {from: hf:owner/model}
        data: {train: train.csv}
        """;
    Path file = folder.resolve("recipe.yaml");
    Files.writeString(file, recipe);
    return Recipes.read(file, List.of(settings)).mainTeacher().remoteModel().settings();
  }

  private static Entry entry(String dollars, int millis) {
    return new Entry(
        "scripted",
        ChatRequest.of(List.of(ChatTurn.user("Which?")), ChatRequest.Decoding.greedy(4)),
        new ChatAnswer("this", Finish.STOP, new Usage(10, 0, 2), "scripted-1", "id", List.of()),
        Dollars.of(dollars),
        Instant.EPOCH,
        Duration.ofMillis(millis),
        Provenance.of("costs", "costs", ""));
  }

  private static Map<Metric, Measured> costs(RemoteSettings teacher, int... millis) {
    List<List<Entry>> texts =
        Stream.of(
                List.of(entry("0.001", millis[0])),
                List.of(entry("0.002", millis[1]), entry("0.003", millis[2])))
            .toList();
    return AskingCosts.of(teacher, texts, Bootstrap.ofSeed(1));
  }

  @Test
  void allVotesAboutATextArePaidForAndWaitedFor() throws IOException {
    Map<Metric, Measured> costs = costs(teacher(PRICE), 100, 200, 300);
    assertThat(costs)
        .extractingByKey(Metric.COST_PER_1000)
        .extracting(Measured::value)
        .isEqualTo(3.0);
    assertThat(costs)
        .extractingByKey(Metric.P50_LATENCY_MS)
        .extracting(Measured::value)
        .isEqualTo(100.0);
    assertThat(costs)
        .extractingByKey(Metric.P95_LATENCY_MS)
        .extracting(Measured::value)
        .isEqualTo(500.0);
  }

  @Test
  void withoutAPriceNoneIsSaid() throws IOException {
    assertThat(costs(teacher(), 100, 200, 300))
        .doesNotContainKey(Metric.COST_PER_1000)
        .containsKey(Metric.P50_LATENCY_MS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "teacher.batch={}",
        "teacher.api.requestsPerMinute=60",
        "teacher.api.tokensPerMinute=1000"
      })
  void timeThatWasSpentWaitingIsNotTheModels(String setting) throws IOException {
    assertThat(costs(teacher(PRICE, setting), 100, 200, 300))
        .containsOnlyKeys(Metric.COST_PER_1000);
  }

  @Test
  void importedAnswersTookNobodyKnowsHowLong() throws IOException {
    assertThat(costs(teacher(PRICE), 100, 0, 0)).containsOnlyKeys(Metric.COST_PER_1000);
  }

  @Test
  void withoutTextsNothingIsKnown() throws IOException {
    assertThat(AskingCosts.of(teacher(PRICE), List.of(), Bootstrap.ofSeed(1))).isEmpty();
  }
}
