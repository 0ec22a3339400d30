package dev.retort.batch;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatRequest;
import dev.retort.api.ChatRequest.Decoding;
import dev.retort.api.ChatTurn;
import dev.retort.ledger.Budget;
import dev.retort.ledger.CanonicalRequest;
import dev.retort.ledger.Entry;
import dev.retort.ledger.Ledger;
import dev.retort.ledger.PriceSettings;
import dev.retort.ledger.Provenance;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// A model behind the Batch API, a ledger, and what it takes to run batches between the two.
final class BatchDesk implements AutoCloseable {

  static final String IDENTITY = "openai https://api.example/v1 gpt-x";
  private static final BatchSettings SETTINGS = new BatchSettings(3, 1, 0.01);

  final FakeBatches server = new FakeBatches();
  Ledger ledger;
  Budget budget = Budget.unlimited();
  String key = FakeBatches.KEY;
  private final HttpClient client = HttpClient.newHttpClient();
  private final Path folder;

  BatchDesk(Path folder) throws IOException {
    this.folder = folder;
    this.ledger = Ledger.open(folder.resolve("ledger.sqlite"));
  }

  @Override
  public void close() {
    ledger.close();
    client.close();
    server.close();
  }

  /// Submits a and b and ends as a killed process does: between two steps, without a goodbye.
  void dieWhen(String status) {
    assertThatThrownBy(() ->
            run(
                requests("a", "b"),
                heard -> {
                  if (heard.status().equals(status)) {
                    throw new IllegalStateException("killed");
                  }
                }))
        .hasMessage("killed");
    reopen();
  }

  void reopen() {
    ledger.close();
    ledger = Ledger.open(folder.resolve("ledger.sqlite"));
  }

  BatchOutcome run(List<ChatRequest> requests) throws InterruptedException {
    return run(requests, _ -> {});
  }

  BatchOutcome run(List<ChatRequest> requests, Consumer<BatchStatus> progress)
      throws InterruptedException {
    return runner(ledger).run(requests, progress);
  }

  BatchRunner runner(Ledger shared) {
    BatchHttp http =
        new BatchHttp(
            client,
            server.server.url("/v1").uri(),
            Map.of("Authorization", "Bearer " + key),
            Duration.ofSeconds(30));
    return new BatchRunner(
        new BatchApi(http, Duration.ofMillis(1), 4),
        new BatchFiles(new PlainWire(), folder),
        shared,
        account(),
        SETTINGS);
  }

  BatchAccount account() {
    return new BatchAccount(
        IDENTITY,
        new PriceSettings(1, Optional.empty(), 10, 0.5).batchPrice(),
        budget,
        Provenance.of("run", "", "terms"));
  }

  Optional<String> answer(String text) {
    return ledger.find(CanonicalRequest.key(IDENTITY, request(text))).map(ChatAnswer::text);
  }

  List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    ledger.forEach(entries::add);
    return entries;
  }

  String inputOf(String batch) {
    return server.batch(batch).path("input_file_id").asString();
  }

  static List<ChatRequest> requests(String... texts) {
    return Stream.of(texts).map(BatchDesk::request).toList();
  }

  static ChatRequest request(String text) {
    return ChatRequest.of(List.of(ChatTurn.user(text)), Decoding.greedy(100));
  }
}
