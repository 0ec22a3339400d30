package dev.retort.bench;

import dev.retort.api.ApiAddress;
import dev.retort.api.ApiSettings;
import dev.retort.api.Asked;
import dev.retort.api.Asking;
import dev.retort.api.ChatModel;
import dev.retort.api.ChatRequest;
import dev.retort.api.ChatTurn;
import dev.retort.api.client.ApiModels;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// What the client of API teachers costs: requests per second against a local server whose answers
/// take a fixed time, as a share of what that time and the number of requests under way allow.
///
/// Options: `--millis` an answer takes, `--seconds` each measurement takes at best. Client and
/// server share the machine's processors, perhaps with others; what bare sockets reach at the same
/// moment is shown beside it.
public final class ApiClientOverhead {

  private static final List<Integer> CONCURRENCIES = List.of(16, 64, 256);
  private static final ChatRequest REQUEST =
      ChatRequest.of(
          List.of(ChatTurn.user("Which of 77 things does this customer want?")),
          ChatRequest.Decoding.greedy(16));

  private ApiClientOverhead() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    Arguments arguments = Arguments.parse(args, List.of(), Map.of("millis", "50", "seconds", "5"));
    Duration answer = Duration.ofMillis(arguments.count("millis", 1));
    int seconds = arguments.count("seconds", 1);
    System.out.printf("load average %.1f%n", Machine.loadAverage());
    System.out.println("concurrency  ideal/s  bare/s  share  client/s  share  cpu us/request");
    try (SlowServer server = new SlowServer(answer)) {
      for (int concurrency : CONCURRENCIES) {
        measure(server, concurrency, seconds);
      }
    }
  }

  private static void measure(SlowServer server, int concurrency, int seconds)
      throws InterruptedException {
    double ideal = concurrency / (server.answer().toNanos() / 1e9);
    int requests = (int) (ideal * seconds);
    try (ChatModel model = open(server, concurrency)) {
      BareCalls bare = new BareCalls(server, concurrency);
      bare.perSecond(requests / 2);
      ask(model, concurrency, requests); // warm
      double bareRate = bare.perSecond(requests);
      double cpuBefore = Machine.processorSeconds();
      long start = System.nanoTime();
      ask(model, concurrency, requests);
      double elapsed = (System.nanoTime() - start) / 1e9;
      double rate = requests / elapsed;
      System.out.printf(
          "%11d  %7.0f  %6.0f  %5.3f  %8.0f  %5.3f  %14.0f%n",
          concurrency,
          ideal,
          bareRate,
          bareRate / ideal,
          rate,
          rate / ideal,
          1e6 * (Machine.processorSeconds() - cpuBefore) / requests);
    }
  }

  private static void ask(ChatModel model, int concurrency, int requests)
      throws InterruptedException {
    new Asking(model, concurrency, () -> false)
        .<Integer>inOrder(
            IntStream.range(0, requests).iterator(), REQUEST::withSample, ApiClientOverhead::check);
  }

  private static void check(Asked<Integer> asked) {
    if (asked instanceof Asked.Failed<Integer> failed) {
      throw new IllegalStateException("request " + failed.subject(), failed.failure());
    }
  }

  private static ChatModel open(SlowServer server, int concurrency) {
    ApiSettings some = ApiSettings.DEFAULTS;
    return ApiModels.open(
        ApiAddress.parse("openai:http://localhost:%d/v1#slow".formatted(server.port())),
        new ApiSettings(
            some.key(),
            some.requestsPerMinute(),
            some.tokensPerMinute(),
            concurrency,
            some.timeoutSeconds(),
            some.attempts(),
            some.patienceSeconds(),
            some.streaming(),
            some.apiVersion(),
            some.endpoint()),
        _ -> Optional.empty());
  }
}
